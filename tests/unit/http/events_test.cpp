// Those who follow /v1/events.
#include "http_world.hpp"
#include "record/renderer.hpp"

namespace nlwatch::http {
namespace {

using test::Fold;
using test::HttpWorld;
using test::lines_in;
using test::RawClient;
using test::Reply;
using test::request;
using test::view_lines;

struct SseEvent {
    std::string id, data;
};

// The events that a browser would make of it; a field that is none of the two fails the test.
std::vector<SseEvent> sse_events(std::string_view body) {
    std::vector<SseEvent> events;
    SseEvent event;
    for (const std::string& line : lines_in(body)) {
        if (line.empty() && !event.data.empty()) events.push_back(std::exchange(event, {}));
        if (line.starts_with("id: "))
            event.id = line.substr(4);
        else if (line.starts_with("data: "))
            event.data = line.substr(6);
        else if (!line.empty() && line != ":")
            ADD_FAILURE() << "no such field: " << line;
    }
    return events;
}

struct EventsTest : HttpWorld {
    explicit EventsTest(std::size_t ring_bytes = 1 << 20, bool begun = true)
        : HttpWorld(ring_bytes, {}, begun) {}
    RawClient follow(const std::string& query = "", const std::string& more = "") {
        RawClient client(path);
        client.send(request("/v1/events" + query, more));
        return client;
    }
    bool catches_up(RawClient& client) {
        return hears(client,
                     "\"seq\":" + std::to_string(world.backlog.head()) + ",\"type\":\"link.changed\"");
    }
    std::string position(std::uint64_t seq) const { return record::to_string({test::run, seq}); }
};
struct EventsEarly : EventsTest {
    EventsEarly() : EventsTest(1 << 20, false) {}
};
struct EventsFromALittleRing : EventsTest {
    EventsFromALittleRing() : EventsTest(16 * 1024) {}
};
const std::string as_sse = "Accept: text/event-stream\r\n";

TEST_F(EventsTest, AreTheLinesOfTheStream) {
    serve();
    RawClient client = follow();
    ASSERT_TRUE(hears(client, "snapshot.end"));
    EXPECT_EQ(server->followers(Form::ndjson), 1u);
    world.link(3, "eth3");
    world.address(3, 11);
    churn(100);
    ASSERT_TRUE(catches_up(client));
    const Reply reply = *client.reply();
    EXPECT_EQ(reply.field("content-type"), "application/x-ndjson");
    EXPECT_FALSE(reply.whole);
    Fold fold;
    EXPECT_EQ(fold.read(view_lines(reply.body)), "");
    EXPECT_EQ(fold.objects(), test::objects_of(world, {}));

    backlog::Feed feed(world.backlog, backlog::Request{});
    std::string rows;
    for (const test::Line& line : test::all(feed, world)) rows += line.text;
    const std::string here = get("/v1/events?limit=0").body;
    EXPECT_EQ(here.substr(here.find('\n')), rows.substr(rows.find('\n')))
        << "all but hello's time is the same";
    client.close();
    EXPECT_TRUE(until([&] { return server->followers(Form::ndjson) == 0; }));
}

TEST_F(EventsTest, ALimitEndsTheAnswerAndKeepsTheConnection) {
    serve();
    RawClient client = follow("?limit=0");
    EXPECT_EQ(lines_in(answer(client).body).size(), 6u);
    client.send(request("/v1/events?limit=2&snapshot=0"));
    ASSERT_TRUE(hears(client, "hello"));
    churn(3);
    const Reply reply = answer(client);
    EXPECT_EQ(lines_in(reply.body).size(), 3u);
    client.send(request("/livez"));
    EXPECT_EQ(answer(client).body, "ok\n");
    EXPECT_EQ(server->followers(Form::ndjson), 0u);
}

TEST_F(EventsTest, ARequestSentWhileFollowingIsAnsweredBehindIt) {
    serve();
    RawClient client = follow("?limit=1");
    ASSERT_TRUE(hears(client, "snapshot.end"));
    client.send(request("/livez"));
    settle();
    churn(1);
    EXPECT_NE(answer(client).body.find("link.changed"), std::string::npos);
    EXPECT_EQ(answer(client).body, "ok\n");
}

TEST_F(EventsTest, WhatAFollowerSendsIsNotKeptForEver) {
    serve();
    RawClient client = follow();
    ASSERT_TRUE(hears(client, "snapshot.end"));
    std::size_t sent = 0;
    for (int i = 0; i < 1000; ++i) {
        const ssize_t size = client.send(std::string(4096, 'x'));
        if (size > 0) sent += static_cast<std::size_t>(size);
        settle();
    }
    EXPECT_LT(sent, 2'000'000u) << "more than sockets hold: it is read on and on";
    churn(1);
    EXPECT_TRUE(catches_up(client));
    client.close();
    EXPECT_TRUE(until([&] { return server->connections() == 0; }));
}

TEST_F(EventsTest, FiltersAreApplied) {
    serve();
    world.link(3, "lan\xff");
    RawClient client = follow("?interface=lan%ff&kind=link");
    ASSERT_TRUE(hears(client, "snapshot.end"));
    world.link(3, "lan\xff", "", 9000);
    churn(2);
    ASSERT_TRUE(hears(client, "\"mtu\":9000"));
    const std::string body = client.reply()->body;
    EXPECT_EQ(body.find("eth2"), std::string::npos);
    EXPECT_NE(body.find("\"counts\":{\"link\":1}"), std::string::npos);
    EXPECT_NE(lines_in(body)[0].find("\"filter\":"), std::string::npos);
}

TEST_F(EventsEarly, BeforeTheRunBeginsFollowersWaitAndStateSaysSo) {
    serve();
    RawClient client = follow(), browser = follow("", as_sse);
    ASSERT_TRUE(
        until([&] { return client.read() && client.reply(true) && browser.read() && browser.reply(true); }));
    EXPECT_EQ(client.reply()->body + browser.reply()->body, "") << "the head comes at once, and no line";
    const Reply state = get("/v1/state");
    EXPECT_EQ(state.status, 503u);
    EXPECT_EQ(state.field("retry-after"), "1");
    world.backlog.begin();
    wake_up.notify();
    EXPECT_TRUE(hears(client, "snapshot.end"));
    EXPECT_TRUE(hears(browser, "snapshot.end"));
    EXPECT_EQ(get("/v1/state").status, 200u);
}

TEST_F(EventsTest, ServerSentEventsCarryPositions) {
    serve();
    RawClient client = follow("", as_sse);
    ASSERT_TRUE(hears(client, "snapshot.end"));
    EXPECT_EQ(server->followers(Form::sse), 1u);
    churn(3);
    ASSERT_TRUE(catches_up(client));
    const Reply reply = *client.reply();
    EXPECT_EQ(reply.field("content-type"), "text/event-stream");
    const auto events = sse_events(reply.body);
    std::string lines;
    for (const SseEvent& event : events) lines += event.data + "\n";
    const auto expected = view_lines(lines);
    ASSERT_EQ(expected.size(), events.size());
    for (std::size_t i = 0; i < events.size(); ++i)
        EXPECT_EQ(events[i].id, expected[i].resumable ? record::to_string(expected[i].position) : "")
            << events[i].data;
    EXPECT_EQ(Fold().read(expected), "");
}

TEST_F(EventsTest, ABrowserThatComesBackMissesNothing) {
    serve();
    Fold fold;
    std::string last_id;
    for (int connection = 0; connection < 30; ++connection) {
        // It repeats the URL, and adds where it was.
        RawClient browser =
            follow("?snapshot=1", as_sse + (last_id.empty() ? "" : "Last-Event-ID: " + last_id + "\r\n"));
        if (connection > 0) fold.reconnect(record::parse_position(last_id)->seq);
        ASSERT_TRUE(hears(browser, connection > 0 ? "hello" : "snapshot.end"));
        for (int i = 0; i < connection % 5; ++i) {
            churn(i);  // some of these come, some are in the air when it goes
            settle();
            browser.read(500);
        }
        std::string lines;
        for (const SseEvent& event : sse_events(browser.reply()->body)) {
            lines += event.data + "\n";
            if (!event.id.empty()) last_id = event.id;
        }
        ASSERT_EQ(fold.read(view_lines(lines)), "");
        browser.close();
        churn(3);
    }
    RawClient browser = follow("", as_sse + "Last-Event-ID: " + last_id + "\r\n");
    fold.reconnect(record::parse_position(last_id)->seq);
    ASSERT_TRUE(catches_up(browser));
    std::string lines;
    for (const SseEvent& event : sse_events(browser.reply()->body)) lines += event.data + "\n";
    ASSERT_EQ(fold.read(view_lines(lines)), "");
    EXPECT_EQ(fold.seq(), world.backlog.head());
    EXPECT_EQ(fold.objects(), test::objects_of(world, {}));
    EXPECT_EQ(server->counters().gaps[1], 0u);
}

TEST_F(EventsFromALittleRing, ABrowserThatComesBackTooLateIsToldAndStartsAgain) {
    serve();
    churn(1);
    const std::string before = position(world.backlog.head());
    churn(200);
    RawClient client = follow("?snapshot=1", as_sse + "Last-Event-ID: " + before + "\r\n");
    ASSERT_TRUE(hears(client, "snapshot.end"));
    const std::string body = client.reply()->body;
    EXPECT_NE(body.find("\"reason\":\"expired\""), std::string::npos);
    EXPECT_EQ(server->counters().gaps[1], 1u);
    EXPECT_EQ(server->counters().gaps[0], 0u);
}

TEST_F(EventsTest, SilenceIsBrokenByComments) {
    limits.heartbeat = std::chrono::milliseconds{1};
    serve();
    RawClient browser = follow("", as_sse), script = follow();
    ASSERT_TRUE(until([&] {
        browser.read();
        return browser.reply() && browser.reply()->body.find("\n\n:\n\n:\n\n") != std::string::npos;
    }));
    ASSERT_TRUE(hears(script, "snapshot.end"));
    churn(5);
    ASSERT_TRUE(catches_up(browser) && catches_up(script));
    EXPECT_EQ(sse_events(browser.reply()->body).size(), lines_in(script.reply()->body).size());
}

TEST_F(EventsTest, CommentsEndWithTheAnswer) {
    limits.heartbeat = std::chrono::milliseconds{1};
    serve();
    RawClient browser = follow("?limit=0", as_sse);
    answer(browser);
    const auto soon = std::chrono::steady_clock::now() + std::chrono::milliseconds{20};
    ASSERT_TRUE(until([&] { return std::chrono::steady_clock::now() > soon; }));
    browser.send(request("/livez"));
    EXPECT_EQ(answer(browser).body, "ok\n");
    EXPECT_EQ(browser.text, "");
}

TEST_F(EventsTest, AFollowerThatGoesIsNoticedWhileNothingHappens) {
    serve();
    RawClient by_unix = follow(), half_closed = follow(), browser = follow("", as_sse), unread = follow();
    half_closed.half_close();
    ASSERT_TRUE(hears(by_unix, "snapshot.end") && hears(half_closed, "snapshot.end") &&
                hears(browser, "snapshot.end"));
    ASSERT_TRUE(until([&] { return server->connections() == 4; }));
    by_unix.close();
    ASSERT_TRUE(until([&] { return server->connections() == 3; }));
    churn(1);
    EXPECT_TRUE(catches_up(half_closed)) << "it has said all that it wanted, and still reads";
    half_closed.close();
    browser.close();
    unread.close();
    EXPECT_TRUE(until([&] { return server->connections() == 0; }));
    EXPECT_TRUE(until([&] { return server->followers(Form::ndjson) + server->followers(Form::sse) == 0; }));
}

TEST_F(EventsFromALittleRing, OneThatNeverReadsDelaysNobodyAndConvergesLater) {
    serve();
    RawClient stuck = follow(), quick = follow();
    ASSERT_TRUE(hears(quick, "snapshot.end"));
    for (int i = 0; i < 400; ++i) {
        churn(5);
        ASSERT_TRUE(catches_up(quick));
    }
    EXPECT_LE(world.backlog.ring().bytes(), 16u * 1024u);
    EXPECT_EQ(server->counters().gaps[0], 0u) << "it has been told nothing yet: it sits on its first batches";
    ASSERT_TRUE(hears(stuck, "slow_reader"));
    churn(1);
    ASSERT_TRUE(catches_up(stuck));
    Fold fold;
    EXPECT_EQ(fold.read(view_lines(stuck.reply()->body)), "");
    EXPECT_EQ(fold.objects(), test::objects_of(world, {}));
    EXPECT_EQ(server->counters().gaps[0], 1u);
}

TEST_F(EventsTest, StopGivesALastWriteAndAProperEnd) {
    serve();
    RawClient script = follow(), browser = follow("", as_sse);
    ASSERT_TRUE(hears(script, "snapshot.end") && hears(browser, "snapshot.end"));
    world.churn(2, 10);  // and nobody wakes the readers
    server->stop();
    EXPECT_EQ(server->connections(), 0u);
    ASSERT_TRUE(ends(script) && ends(browser));
    EXPECT_TRUE(script.reply()->whole);
    EXPECT_TRUE(browser.reply()->whole);
    Fold fold;
    EXPECT_EQ(fold.read(view_lines(script.reply()->body)), "");
    EXPECT_EQ(fold.seq(), 10u);
    EXPECT_EQ(sse_events(browser.reply()->body).size(), 6u + 10u);
}

TEST_F(EventsFromALittleRing, StopDoesNotWaitForOneThatDoesNotRead) {
    serve();
    RawClient stuck = follow();
    for (int i = 0; i < 400; ++i) {
        churn(5);
        settle();
    }
    server->stop();
    EXPECT_EQ(server->connections(), 0u);
    ASSERT_TRUE(ends(stuck));
    EXPECT_FALSE(stuck.reply()->whole) << "cut short, and seen to be";
}

}  // namespace
}  // namespace nlwatch::http
