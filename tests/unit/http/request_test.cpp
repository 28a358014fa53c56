#include "http/request.hpp"

#include <gtest/gtest.h>

namespace nlwatch::http {
namespace {

using State = RequestReader::State;

constexpr std::size_t header_bytes = 1024, body_bytes = 100;

struct Read {
    State state{};
    Request request;
    Refusal refusal;
    std::string left;
};

Read read(std::string_view text, std::size_t at_once = std::string_view::npos) {
    RequestReader reader(header_bytes, body_bytes);
    Read it;
    it.state = State::header;
    while (!text.empty() && it.state != State::done && it.state != State::refused) {
        it.left += text.substr(0, at_once);
        text.remove_prefix(std::min(at_once, text.size()));
        it.state = reader.take(it.left);
    }
    if (it.state == State::refused)
        it.refusal = reader.refusal();
    else if (it.state != State::header)
        it.request = reader.request();
    it.left += text;
    return it;
}

TEST(RequestReader, ReadsAHeaderByWhicheverPieces) {
    const std::string text =
        "GET /v1/events?a=b HTTP/1.1\r\nhost: localhost\r\nACCEPT: text/html\r\nAccept: text/event-stream\r\n"
        "Last-Event-Id: x:1\r\n\r\nGET /next";
    for (const std::size_t at_once : {std::string::npos, std::size_t{1}, std::size_t{7}}) {
        const Read it = read(text, at_once);
        ASSERT_EQ(it.state, State::done);
        EXPECT_EQ(it.request.method, "GET");
        EXPECT_EQ(it.request.target, "/v1/events?a=b");
        EXPECT_EQ(it.request.hosts, std::vector<std::string>{"localhost"});
        EXPECT_EQ(it.request.accept, "text/html, text/event-stream");
        EXPECT_EQ(it.request.last_event_id, "x:1");
        EXPECT_TRUE(it.request.http_1_1 && it.request.keep_alive);
        EXPECT_EQ(it.left, "GET /next");
    }
}

TEST(RequestReader, KnowsWhoGoesOn) {
    EXPECT_FALSE(read("GET / HTTP/1.0\r\n\r\n").request.keep_alive);
    EXPECT_FALSE(read("GET / HTTP/1.0\r\n\r\n").request.http_1_1);
    EXPECT_TRUE(read("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").request.keep_alive);
    EXPECT_FALSE(read("GET / HTTP/1.1\r\nConnection: close\r\n\r\n").request.keep_alive);
    EXPECT_EQ(read("\r\n\r\nGET / HTTP/1.1\r\n\r\n").state, State::done) << "empty lines in front";
}

TEST(RequestReader, DropsABody) {
    EXPECT_EQ(read("GET / HTTP/1.1\r\nContent-Length: 5\r\n\r\nhelloGET").left, "GET");
    EXPECT_EQ(read("GET / HTTP/1.1\r\nContent-Length: 5\r\n\r\nhell").state, State::body);
    EXPECT_TRUE(read("POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n")
                    .request.expects_continue);
    const Read chunked = read(
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nHost: "
        "b\r\n\r\nGET",
        1);
    EXPECT_EQ(chunked.state, State::done);
    EXPECT_EQ(chunked.left, "GET");
    EXPECT_EQ(chunked.request.hosts, std::vector<std::string>{"a"}) << "a trailer says nothing any more";
}

TEST(RequestReader, RefusesABodyBeyondTheLimit) {
    EXPECT_EQ(read("GET / HTTP/1.1\r\nContent-Length: 101\r\n\r\n").refusal.status, 413u);
    EXPECT_EQ(read("GET / HTTP/1.1\r\nContent-Length: 99999999999999\r\n\r\n").refusal.status, 413u);
    std::string chunks = "GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (int i = 0; i < 60; ++i) chunks += "2\r\nab\r\n";
    EXPECT_EQ(read(chunks).refusal.status, 413u);
    EXPECT_EQ(read(chunks, 1).refusal.status, 413u);
}

TEST(RequestReader, RefusesChunksThatAreMostlyExtensions) {
    std::string text = "GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (int i = 0; i < 50; ++i) text += "1;" + std::string(100, 'x') + "\r\na\r\n";
    EXPECT_EQ(read(text, 10).refusal.status, 413u);
    EXPECT_EQ(read(text).refusal.status, 413u);
    EXPECT_EQ(read("GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1;" + std::string(5000, 'x'), 10)
                  .refusal.status,
              413u);
}

TEST(RequestReader, RefusesAHeaderBeyondTheLimit) {
    EXPECT_EQ(read("GET /" + std::string(2000, 'x'), 1).refusal.status, 431u);
    EXPECT_EQ(read("GET / HTTP/1.1\r\nX: " + std::string(2000, 'x'), 1).refusal.status, 431u);
    EXPECT_EQ(read("GET / HTTP/1.1\r\nX: " + std::string(2000, 'x') + "\r\n\r\n").refusal.status, 431u);
    std::string many = "GET / HTTP/1.1\r\n";
    for (int i = 0; i < 200; ++i) many += "X: yyyy\r\n";
    EXPECT_EQ(read(many, 1).refusal.status, 431u);
    // Field by field, each whole: the parser alone would take them for ever.
    EXPECT_EQ(read(many, 9).refusal.status, 431u);
    EXPECT_EQ(read(many + "\r\n").refusal.status, 431u);
    EXPECT_EQ(read("GET / HTTP/1.1\r\nX: " + std::string(900, 'x') + "\r\n\r\n", 1).state, State::done);
}

TEST(RequestReader, RefusesWhatIsNoRequest) {
    for (const char* text :
         {"\x16\x03\x01\x02\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/2.0\r\n\r\n", "GET / HTTP/1.1\n\n",
          "GET / HTTP/1.1\r\nno colon\r\n\r\n", "GET /\x01 HTTP/1.1\r\n\r\n",
          "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
          "GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
          "GET / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
          "GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", "GET / HTTP/1.1\r\nHost : a\r\n\r\n"}) {
        const Read it = read(text);
        EXPECT_EQ(it.state, State::refused) << text;
        EXPECT_EQ(it.refusal.status, 400u) << text;
        EXPECT_FALSE(it.refusal.why.empty());
    }
}

}  // namespace
}  // namespace nlwatch::http
