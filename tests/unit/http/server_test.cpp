// What ordinary clients ask, and what they get.
#include "http_world.hpp"

namespace nlwatch::http {
namespace {

using test::HttpWorld;
using test::RawClient;
using test::Reply;
using test::request;

struct ServerTest : HttpWorld {
    ServerTest() { serve(); }
};
using EarlyServer = HttpWorld;  // serve() is the test's

TEST_F(ServerTest, AnswersTextRoutesOnEveryDoor) {
    for (const bool tcp : {false, true}) {
        RawClient client = tcp ? RawClient(port) : RawClient(path);
        client.send(request("/metrics"));
        Reply reply = answer(client);
        EXPECT_EQ(reply.status, 200u);
        EXPECT_EQ(reply.body, metrics);
        EXPECT_EQ(reply.field("content-type"), "text/plain; version=0.0.4; charset=utf-8");
        EXPECT_EQ(reply.field("cache-control"), "no-store");
        EXPECT_EQ(reply.field("date").size(), std::string("Sun, 06 Nov 1994 08:49:37 GMT").size());
        EXPECT_FALSE(reply.fields.contains("access-control-allow-origin"));
        client.send(request("/livez"));
        EXPECT_EQ(answer(client).body, "ok\n");
        client.send(request("/readyz"));
        EXPECT_EQ(answer(client).status, 200u);
    }
    EXPECT_EQ(get("/v1/status").body, "{\"status\":\"fine\"}\n");
    EXPECT_EQ(get("/v1/status").field("content-type"), "application/json");
    EXPECT_EQ(server->counters().answers[2], 8u);
}

TEST_F(ServerTest, SaysWhyItIsNotReady) {
    unready = "a resync is under way";
    const Reply reply = get("/readyz");
    EXPECT_EQ(reply.status, 503u);
    EXPECT_EQ(reply.body, "a resync is under way\n");
    EXPECT_EQ(get("/livez").status, 200u);
}

TEST_F(ServerTest, HeadIsTheSameWithoutABody) {
    RawClient client(path);
    client.send(request("/metrics", "", "HEAD"));
    const Reply head = answer(client, true);
    EXPECT_EQ(head.field("content-length"), std::to_string(metrics.size()));
    for (const char* target : {"/v1/state", "/v1/events"}) {
        client.send(request(target, "", "HEAD"));
        const Reply reply = answer(client, true);
        EXPECT_EQ(reply.status, 200u);
        EXPECT_EQ(reply.field("transfer-encoding"), "chunked");
    }
    client.send(request("/nothing", "", "HEAD"));
    EXPECT_EQ(answer(client, true).status, 404u);
    client.send(request("/livez"));
    EXPECT_EQ(answer(client).body, "ok\n") << "no byte of a body came between";
}

TEST_F(ServerTest, APipelinedPairIsAnsweredInOrder) {
    RawClient client(path);
    client.send(request("/metrics") + request("/v1/events?limit=0") + request("/livez"));
    EXPECT_EQ(answer(client).body, metrics);
    EXPECT_NE(answer(client).body.find("snapshot.end"), std::string::npos);
    EXPECT_EQ(answer(client).body, "ok\n");
}

TEST_F(ServerTest, WhatIsPipelinedBehindAnAnswerUnderWayIsKept) {
    metrics_held = true;
    RawClient client(path);
    client.send(request("/metrics"));
    settle();
    client.send(request("/livez"));
    settle();
    metrics_held = false;
    EXPECT_EQ(answer(client).body, metrics);
    EXPECT_EQ(answer(client).body, "ok\n");
}

TEST_F(ServerTest, AHalfCloseBehindARequestStillGetsItsAnswer) {
    RawClient client(path);
    client.send(request("/metrics"));
    client.half_close();
    EXPECT_EQ(answer(client).body, metrics);
    EXPECT_TRUE(ends(client));
}

TEST_F(ServerTest, AClientOf1999IsAnsweredInItsWay) {
    RawClient client(path);
    client.send("GET /v1/events?limit=0 HTTP/1.0\r\n\r\n");
    ASSERT_TRUE(ends(client));
    const Reply reply = client.reply().value();
    EXPECT_EQ(reply.field("connection"), "close");
    EXPECT_FALSE(reply.fields.contains("transfer-encoding"));
    EXPECT_EQ(test::Fold().read(test::view_lines(reply.body)), "");
    RawClient keeps(path);
    keeps.send("GET /livez HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_EQ(answer(keeps).field("connection"), "keep-alive");
    keeps.send("GET /v1/state HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    ASSERT_TRUE(ends(keeps));
    EXPECT_TRUE(keeps.reply()->body.ends_with("}}\n")) << keeps.text;
}

TEST_F(ServerTest, ClosesBehindEveryAnswerThatWasAskedForAsTheLast) {
    for (const char* target : {"/livez", "/nothing", "/v1/state", "/v1/events?limit=0"}) {
        RawClient client(path);
        client.send(request(target, "Connection: close\r\n"));
        ASSERT_TRUE(ends(client)) << target;
        const Reply reply = client.reply().value();
        EXPECT_TRUE(reply.whole) << target;
        EXPECT_EQ(reply.field("connection"), "close") << target;
    }
}

TEST_F(ServerTest, WhatIsNotThereSaysSoAndKeepsTheConnection) {
    RawClient client(port);
    client.send(request("/v1/state"));
    Reply reply = answer(client);
    EXPECT_EQ(reply.status, 404u);
    EXPECT_EQ(reply.field("content-type"), "application/json");
    EXPECT_TRUE(
        reply.body.starts_with("{\"schema\":1,\"type\":\"error\",\"message\":\"/v1/state is not served"));
    EXPECT_TRUE(reply.body.ends_with("}\n"));
    client.send(request("/metrics", "", "DELETE"));
    reply = answer(client);
    EXPECT_EQ(reply.status, 405u);
    EXPECT_EQ(reply.field("allow"), "GET, HEAD");
    client.send(request("/livez"));
    EXPECT_EQ(answer(client).status, 200u);
}

TEST_F(ServerTest, OddTargetsGetTheRightStatus) {
    EXPECT_EQ(get("/v1/../metrics").status, 404u);
    EXPECT_EQ(get("/../../etc/passwd").status, 404u);
    EXPECT_EQ(get("//metrics").status, 404u);
    EXPECT_EQ(get("/metrics%00").status, 400u);
    EXPECT_EQ(get("/v1/events?interface=%00").status, 400u);
    EXPECT_EQ(get("/v1/state?kind=%zz").status, 400u);
    EXPECT_EQ(get("/%ff%1b%22").status, 404u);
    EXPECT_EQ(get("http://anything/livez").status, 200u);
    EXPECT_EQ(get("*").status, 405u);
    EXPECT_EQ(get("livez").status, 400u);
    EXPECT_EQ(get("/" + std::string(10'000, 'x')).status, 404u);
    EXPECT_EQ(get("/metrics?whatever=1").status, 200u) << "Prometheus may be told to send parameters";
}

TEST_F(ServerTest, RefusesWrongWordsInWords) {
    EXPECT_NE(get("/v1/events?since=yesterday").body.find("is not a position"), std::string::npos);
    EXPECT_EQ(get("/v1/events?since=yesterday").status, 400u);
    EXPECT_NE(get("/v1/events?interfaec=x").body.find("did you mean 'interface'"), std::string::npos);
    const Reply future = get("/v1/events?since=4f1c2a9be07d4c55:99");
    EXPECT_EQ(future.status, 400u);
    EXPECT_NE(future.body.find("lies in the future"), std::string::npos);
    EXPECT_EQ(get("/v1/events?snapshot=1&type=link.*").status, 400u);
    EXPECT_EQ(get("/v1/events?snapshot=1&since=4f1c2a9be07d4c55:0").status, 400u);
    EXPECT_EQ(get("/v1/state?since=4f1c2a9be07d4c55:0").status, 400u);
}

TEST_F(ServerTest, OverTcpTheHostMustBeKnown) {
    const auto status = [&](const std::string& text) {
        RawClient client(port);
        client.send(text);
        return answer(client).status;
    };
    const std::string own = "Host: 127.0.0.1:" + std::to_string(port) + "\r\n";
    EXPECT_EQ(status("GET /livez HTTP/1.1\r\n" + own + "\r\n"), 200u);
    EXPECT_EQ(status("GET /livez HTTP/1.1\r\nHost: LOCALHOST:1\r\n\r\n"), 200u);
    EXPECT_EQ(status("GET /livez HTTP/1.1\r\nHost: evil.example\r\n\r\n"), 421u);
    EXPECT_EQ(status("GET /livez HTTP/1.1\r\nHost: 127.0.0.2\r\n\r\n"), 421u);
    EXPECT_EQ(status("GET /livez HTTP/1.1\r\nHost:\r\n\r\n"), 421u);
    EXPECT_EQ(status("GET /livez HTTP/1.1\r\n\r\n"), 400u);
    EXPECT_EQ(status("GET /livez HTTP/1.1\r\n" + own + own + "\r\n"), 400u);
    EXPECT_EQ(status("GET /livez HTTP/1.1\r\nHost: a b\r\n\r\n"), 400u);
    EXPECT_EQ(status("GET http://evil.example/livez HTTP/1.1\r\n" + own + "\r\n"), 421u);
    EXPECT_EQ(status("GET http://localhost/livez HTTP/1.1\r\nHost: evil.example\r\n\r\n"), 200u);
    EXPECT_EQ(status("GET /livez HTTP/1.0\r\n\r\n"), 200u);
    RawClient unix_client(path);
    unix_client.send("GET /livez HTTP/1.1\r\nHost: evil.example\r\n\r\n");
    EXPECT_EQ(answer(unix_client).status, 200u);
}

TEST_F(ServerTest, OnlyTheControlDoorTakesPost) {
    RawClient control(control_path);
    control.send(request("/v1/reload", "Content-Length: 2\r\n", "POST") + "{}");
    const Reply reply = answer(control);
    EXPECT_EQ(reply.status, 200u);
    EXPECT_EQ(reply.body, "{\"applied\":true}\n");
    EXPECT_EQ(reloads, 1);
    control.send(request("/v1/reload"));
    EXPECT_EQ(answer(control).field("allow"), "POST");
    control.send(request("/v1/state"));
    EXPECT_EQ(answer(control).status, 404u);
    RawClient reader(path);
    reader.send(request("/v1/reload", "", "POST"));
    EXPECT_EQ(answer(reader).status, 404u);
    reader.send(request("/v1/state", "", "POST"));
    EXPECT_EQ(answer(reader).status, 405u);
    EXPECT_EQ(reloads, 1);
}

TEST_F(ServerTest, ABodyThatWaitsForAWordGetsIt) {
    RawClient control(control_path);
    control.send(request("/v1/reload", "Expect: 100-continue\r\nContent-Length: 2\r\n", "POST"));
    EXPECT_EQ(answer(control).status, 100u);
    control.send("{}");
    EXPECT_EQ(answer(control).status, 200u);
}

// A restart under socket activation: the client was let in, and cannot know that it came at a bad moment.
TEST_F(ServerTest, StopStillAnswersWhoWasLetInAndHasNotAskedYet) {
    limits.last_call = std::chrono::seconds{60};
    RawClient slow(path), late(path);
    settle();
    RawClient asked_already(path);
    asked_already.send(request("/livez"));  // lies unread in a connection that is not accepted yet
    server->stop();
    slow.send(request("/livez"));
    late.send(request("/v1/status"));
    for (RawClient* client : {&slow, &late}) {
        const Reply reply = answer(*client);
        EXPECT_EQ(reply.status, 200);
        EXPECT_EQ(reply.field("connection"), "close");
        EXPECT_TRUE(ends(*client));
    }
    EXPECT_TRUE(until([&] { return server->connections() == 0; }));
}

TEST_F(ServerTest, StopAnswersARequestThatLiesUnread) {
    RawClient client(path);
    client.send(request("/livez"));
    EXPECT_EQ(answer(client).status, 200);
    client.send(request("/livez"));  // the reactor has not run since
    server->stop();
    EXPECT_EQ(answer(client).status, 200);
    EXPECT_TRUE(ends(client));
}

TEST_F(ServerTest, StopLetsAnAnswerUnderWayEnd) {
    metrics_held = true;
    RawClient waits(path), idle(path);
    waits.send(request("/metrics"));
    settle();
    EXPECT_EQ(server->connections(), 2u);
    server->stop();
    EXPECT_TRUE(ends(idle));
    EXPECT_EQ(server->connections(), 1u);
    metrics_held = false;
    const Reply reply = answer(waits);
    EXPECT_EQ(reply.body, metrics);
    EXPECT_EQ(reply.field("connection"), "close");
    waits.close();
    EXPECT_TRUE(until([&] { return server->connections() == 0; }));
}

TEST_F(EarlyServer, StopEndsWhatTakesTooLong) {
    limits.grace = std::chrono::milliseconds{1};
    serve();
    metrics_held = true;
    RawClient waits(path);
    waits.send(request("/metrics"));
    settle();
    server->stop();
    EXPECT_TRUE(until([&] { return server->connections() == 0; }));
    EXPECT_TRUE(ends(waits));
    EXPECT_EQ(waits.text, "");
}

}  // namespace
}  // namespace nlwatch::http
