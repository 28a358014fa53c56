#include "http/client.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/local/connect_pair.hpp>
#include <boost/asio/write.hpp>

#include "http_world.hpp"

using namespace nlwatch;
using boost::asio::local::stream_protocol;
using nlwatch::http::Client;

namespace {

struct Got {
    unsigned status = 0;
    std::string body, lost;
    bool ended = false;
};

boost::asio::awaitable<void> ask(Client& client, std::string method, std::string target,
                                 Client::Patience patience, Got& got) {
    try {
        const unsigned status = co_await client.ask(method, target, patience);
        got.status = status;
        for (bool more = true; more;) more = co_await client.more(got.body, patience);
    } catch (const http::ConnectionLost& lost) {
        got.lost = lost.what();
    }
    got.ended = true;
}

// Against the real server.
struct HttpClient : test::HttpWorld {
    HttpClient() { serve(); }

    stream_protocol::socket connected(const std::string& to) {
        stream_protocol::socket socket(reactor);
        socket.connect(stream_protocol::endpoint(to));
        return socket;
    }
    void begin(Client& client, const std::string& method, const std::string& target, Got& got) {
        boost::asio::co_spawn(reactor, ask(client, method, target, Client::endless, got),
                              [](std::exception_ptr error) { EXPECT_FALSE(error); });
    }
    Got whole(const std::string& to, const std::string& method, const std::string& target) {
        Client client(connected(to));
        Got got;
        begin(client, method, target, got);
        EXPECT_TRUE(until([&] { return got.ended; }));
        EXPECT_EQ(got.lost, "");
        return got;
    }
};

// Against a peer that the test plays.
struct PlayedServer : testing::Test {
    boost::asio::io_context reactor{1};
    stream_protocol::socket here{reactor}, there{reactor};
    Got got;

    void ask_and_run(const std::string& answer, bool close, Client::Patience patience) {
        boost::asio::local::connect_pair(here, there);
        boost::asio::write(there, boost::asio::buffer(answer));
        if (close) there.shutdown(stream_protocol::socket::shutdown_send);
        Client client(std::move(here));
        boost::asio::co_spawn(reactor, ask(client, "GET", "/", patience, got),
                              [](std::exception_ptr error) { EXPECT_FALSE(error); });
        reactor.run();
        EXPECT_TRUE(got.ended);
    }
};

}  // namespace

TEST_F(HttpClient, ReadsWhatTheServerAnswers) {
    const Got status = whole(path, "GET", "/v1/status");
    EXPECT_EQ(status.status, 200u);
    EXPECT_EQ(status.body, "{\"status\":\"fine\"}\n");
    EXPECT_EQ(whole(path, "GET", "/v1/stauts").status, 404u);
    EXPECT_EQ(whole(control_path, "POST", "/v1/reload").body, "{\"applied\":true}\n");
    EXPECT_EQ(reloads, 1);
}

TEST_F(HttpClient, ReadsAViewToItsEnd) {
    backlog::RequestWords words;
    words.limit = 0;
    const Got view = whole(path, "GET", http::events_target(words));
    const auto lines = test::view_lines(view.body);
    ASSERT_EQ(lines.size(), 6u);
    EXPECT_EQ(lines.front().type, "hello");
    EXPECT_EQ(lines.back().type, "snapshot.end");
}

TEST_F(HttpClient, ReadsEventsAsTheyCome) {
    Client client(connected(path));
    Got got;
    begin(client, "GET", "/v1/events", got);
    ASSERT_TRUE(until([&] { return got.body.find("snapshot.end") != std::string::npos; }));
    const std::size_t before = got.body.size();
    churn(3);
    ASSERT_TRUE(until([&] { return got.body.size() > before && got.body.ends_with('\n'); }));
    EXPECT_FALSE(got.ended);
    server->stop();
    ASSERT_TRUE(until([&] { return got.ended; }));
    EXPECT_EQ(got.lost, "") << "a server that ends says so";
    EXPECT_EQ(test::lines_in(got.body).back().find("{\"schema\":1"), 0u);
}

TEST_F(PlayedServer, OneThatSaysNothingIsNotWaitedForForEver) {
    ask_and_run("", false, Client::Patience{1});
    EXPECT_EQ(got.lost, "nothing came for too long");
}

TEST_F(PlayedServer, NorOneThatStopsInTheMiddle) {
    ask_and_run("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", false, Client::Patience{1});
    EXPECT_EQ(got.status, 200u);
    EXPECT_EQ(got.body, "half");
    EXPECT_EQ(got.lost, "nothing came for too long");
}

TEST_F(PlayedServer, OneThatClosesTooEarly) {
    for (const char* answer : {"", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
                               "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n"}) {
        got = {};
        reactor.restart();
        here = stream_protocol::socket(reactor);
        there = stream_protocol::socket(reactor);
        ask_and_run(answer, true, Client::endless);
        EXPECT_EQ(got.lost, "the connection was closed") << answer;
    }
}

TEST_F(PlayedServer, OneThatSpeaksSomethingElse) {
    ask_and_run("SSH-2.0-OpenSSH_9\r\n", false, Client::endless);
    EXPECT_NE(got.lost.find("no answer of HTTP/1.1"), std::string::npos);
}
