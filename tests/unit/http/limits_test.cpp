// What clients do that mean harm, or do not care.
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "http_world.hpp"

namespace nlwatch::http {
namespace {

using std::chrono::milliseconds;
using test::HttpWorld;
using test::RawClient;
using test::Reply;
using test::request;

struct LimitsTest : HttpWorld {
    // Sends it all as the server takes it; stops when it has closed.
    void send_all(RawClient& client, std::string_view text) {
        EXPECT_TRUE(until([&] {
            const ssize_t sent = client.send(text.substr(0, 4096));
            if (sent > 0) text.remove_prefix(static_cast<std::size_t>(sent));
            return text.empty() || (sent < 0 && errno != EAGAIN);
        }));
    }
    std::size_t turns_now() {
        std::size_t turns = 0;
        reactor.restart();
        while (turns < 1000 && reactor.poll_one() > 0) ++turns;
        return turns;
    }
};

TEST_F(LimitsTest, AMegabyteOfHeaderIsRefusedAndTheClientReadsWhy) {
    serve();
    for (const bool one_field : {true, false}) {
        RawClient client(port);
        std::string text = "GET /livez HTTP/1.1\r\nHost: localhost\r\n";
        if (one_field) text += "X: ";
        while (text.size() < 1'000'000) text += one_field ? "xxxxxxxxxx" : "X: yyyyyyyy\r\n";
        send_all(client, text);
        const Reply reply = answer(client);
        EXPECT_EQ(reply.status, 431u);
        EXPECT_EQ(reply.field("connection"), "close");
        EXPECT_NE(reply.body.find("16384"), std::string::npos);
        client.half_close();
        EXPECT_TRUE(ends(client));
        EXPECT_FALSE(client.reset);
    }
    EXPECT_TRUE(until([&] { return server->connections() == 0; }));
}

TEST_F(LimitsTest, ARefusedClientThatSendsOnIsReadOnlySoFar) {
    limits.drain_bytes = 50'000;
    serve();
    RawClient client(path);
    send_all(client, "nonsense\r\n\r\n");
    std::size_t sent = 0;
    EXPECT_TRUE(until([&] {
        const ssize_t size = client.send(std::string(10'000, 'x'));
        if (size > 0) sent += static_cast<std::size_t>(size);
        return size < 0 && errno != EAGAIN;
    })) << "it is read for ever";
    EXPECT_GE(sent, 50'000u);
    EXPECT_TRUE(until([&] { return server->connections() == 0; }));
}

TEST_F(LimitsTest, ARefusedClientThatStaysIsClosed) {
    limits.drain = milliseconds{1};
    serve();
    RawClient client(path);
    client.send("nonsense\r\n\r\n");
    EXPECT_EQ(answer(client).status, 400u);
    EXPECT_TRUE(until([&] { return server->connections() == 0; }));
    EXPECT_TRUE(ends(client));
}

TEST_F(LimitsTest, ASlowLorisIsToldAndClosed) {
    limits.request = milliseconds{50};
    limits.drain = milliseconds{1};
    limits.header_bytes = 10 << 20;  // time is to run out first, on any machine
    serve();
    RawClient client(path);
    client.send("GET /livez HTTP/1.1\r\n");
    int fields = 0;
    ASSERT_TRUE(until([&] {
        if (client.send("X: y\r\n") > 0) ++fields;  // a field each turn: it is never silent
        client.read();
        return client.reply().has_value();
    }));
    EXPECT_EQ(answer(client).status, 408u);
    EXPECT_GE(fields, 1);
    EXPECT_TRUE(until([&] { return server->connections() == 0; }));
}

TEST_F(LimitsTest, ABodyThatNeverComesIsNotWaitedFor) {
    limits.request = milliseconds{1};
    serve();
    RawClient client(path);
    client.send(request("/livez", "Content-Length: 10\r\n"));
    EXPECT_EQ(answer(client).status, 408u);

    RawClient polite(path);  // who is told to go on has no more time for it
    polite.send(request("/livez", "Expect: 100-continue\r\nContent-Length: 10\r\n"));
    EXPECT_EQ(answer(polite).status, 100u);
    EXPECT_EQ(answer(polite).status, 408u);
}

TEST_F(LimitsTest, AnIdleConnectionIsClosedWithoutAWord) {
    limits.idle = milliseconds{1};
    serve();
    RawClient silent(path), was_served(path);
    was_served.send(request("/livez"));
    EXPECT_EQ(answer(was_served).status, 200u);
    EXPECT_TRUE(ends(silent));
    EXPECT_TRUE(ends(was_served));
    EXPECT_EQ(silent.text + was_served.text, "");
    EXPECT_FALSE(silent.reset || was_served.reset);
}

TEST_F(LimitsTest, AFollowerIsNotIdle) {
    limits.idle = limits.request = limits.stall = milliseconds{1};
    serve();
    RawClient client(path);
    client.send(request("/v1/events"));
    ASSERT_TRUE(hears(client, "snapshot.end"));
    const auto soon = std::chrono::steady_clock::now() + milliseconds{20};
    ASSERT_TRUE(until([&] { return std::chrono::steady_clock::now() > soon; }));
    churn(1);
    EXPECT_TRUE(hears(client, "link.changed"));
}

TEST_F(LimitsTest, ABodyIsDroppedAndTheNextRequestAnswered) {
    serve();
    RawClient client(path);
    send_all(client,
             request("/livez", "Content-Length: 60000\r\n") + std::string(60000, 'x') + request("/metrics"));
    EXPECT_EQ(answer(client).body, "ok\n");
    EXPECT_EQ(answer(client).body, metrics);
}

TEST_F(LimitsTest, ABodyBeyondTheLimitIsRefused) {
    serve();
    RawClient client(path);
    send_all(client, request("/livez", "Content-Length: 1000000\r\n") + std::string(1'000'000, 'x'));
    EXPECT_EQ(answer(client).status, 413u);
    client.half_close();
    EXPECT_TRUE(ends(client));
    EXPECT_FALSE(client.reset);
}

TEST_F(LimitsTest, ConnectionsBeyondTheLimitAreTold) {
    limits.max_connections = 3;
    serve();
    std::vector<RawClient> first;
    for (int i = 0; i < 3; ++i) first.emplace_back(path);
    ASSERT_TRUE(until([&] { return server->connections() == 3; }));
    std::vector<RawClient> late;
    for (int i = 0; i < 100; ++i) {
        late.emplace_back(i % 2 ? RawClient(path) : RawClient(port));
        late.back().send(request("/livez"));
    }
    for (RawClient& client : late) {
        const Reply reply = answer(client);
        EXPECT_EQ(reply.status, 503u);
        EXPECT_EQ(reply.field("retry-after"), "1");
        EXPECT_NE(reply.body.find("max_connections"), std::string::npos);
        client.close();
    }
    EXPECT_EQ(server->counters().refused, 100u);
    EXPECT_EQ(server->connections(), 3u);
    RawClient control(control_path);
    control.send(request("/v1/reload", "", "POST"));
    EXPECT_EQ(answer(control).status, 200u) << "readers do not shut out who is in charge";
    control.close();
    first.pop_back();
    ASSERT_TRUE(until([&] { return server->connections() == 2; }));
    EXPECT_EQ(get("/livez").status, 200u);
}

TEST_F(LimitsTest, AClientThatTakesNothingOfAnAnswerIsClosed) {
    limits.stall = milliseconds{20};
    metrics.assign(8 << 20, 'x');
    serve();
    RawClient client(path);
    client.send(request("/metrics"));
    ASSERT_TRUE(until([&] { return server->counters().answers[2] == 1; }));
    EXPECT_TRUE(until([&] { return server->connections() == 0; }));
    ASSERT_TRUE(ends(client));
    EXPECT_FALSE(client.reply()->whole);
}

TEST_F(LimitsTest, AnswersOfAnySizeArriveWhole) {
    metrics.assign(2 << 20, 'x');
    serve();
    for (const std::size_t at_once : {std::size_t{1} << 20, std::size_t{5000}}) {
        RawClient client(port);
        client.send(request("/metrics"));
        ASSERT_TRUE(until([&] {
            for (int i = 0; i < 20; ++i) client.read(at_once);
            const bool all = client.text.size() > metrics.size();
            return all && client.reply()->whole;
        }));
        EXPECT_EQ(client.reply()->body, metrics);
    }
}

TEST_F(LimitsTest, IdleConnectionsAndFollowersCostNoTurns) {
    serve();
    std::vector<RawClient> clients;
    for (int i = 0; i < 20; ++i) clients.emplace_back(i % 2 ? RawClient(path) : RawClient(port));
    RawClient follower(path), half_closed(path);
    follower.send(request("/v1/events"));
    half_closed.send(request("/v1/events"));
    half_closed.half_close();
    ASSERT_TRUE(hears(follower, "snapshot.end") && hears(half_closed, "snapshot.end"));
    settle();
    EXPECT_LT(turns_now(), 5u) << "something spins";
}

// Takes all descriptors that the process may have.
class NoDescriptors {
public:
    NoDescriptors() {
        getrlimit(RLIMIT_NOFILE, &before_);
        rlimit low = before_;
        low.rlim_cur = 200;
        setrlimit(RLIMIT_NOFILE, &low);
        for (int fd; (fd = open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0;) taken_.push_back(fd);
    }
    ~NoDescriptors() {
        for (const int fd : taken_) close(fd);
        setrlimit(RLIMIT_NOFILE, &before_);
    }
    void give_one() {
        close(taken_.back());
        taken_.pop_back();
    }

private:
    rlimit before_{};
    std::vector<int> taken_;
};

TEST_F(LimitsTest, WithoutDescriptorsAcceptWaitsAndDoesNotSpin) {
    serve();
    settle();
    std::optional<RawClient> client;
    {
        NoDescriptors none;
        none.give_one();
        client.emplace(path);
        ASSERT_TRUE(until([&] { return server->counters().accept_failures > 0; }));
        for (int i = 0; i < 10'000; ++i) settle();
        EXPECT_LT(server->counters().accept_failures, 1000u) << "as often as it could";
    }
    client->send(request("/livez"));
    EXPECT_EQ(answer(*client).status, 200u);
}

}  // namespace
}  // namespace nlwatch::http
