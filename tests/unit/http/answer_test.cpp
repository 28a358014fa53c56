#include "http/answer.hpp"

#include <gtest/gtest.h>

#include "http/client.hpp"
#include "http/query.hpp"

using namespace nlwatch;
using http::AnswerReader;
using State = AnswerReader::State;

namespace {

const std::string chunked =
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=y\r\n world\r\n0\r\n\r\n";
const std::string sized = "HTTP/1.1 422 \r\nContent-Length: 3\r\n\r\nbad";

// In pieces of so many bytes.
State take(AnswerReader& reader, const std::string& text, std::size_t piece, std::string& body) {
    std::string input;
    State state = State::header;
    for (std::size_t at = 0; at < text.size(); at += piece) {
        input += text.substr(at, piece);
        state = reader.take(input, body);
        if (state == State::broken) return state;
    }
    return state;
}

}  // namespace

TEST(Answer, OfAnyFramingComesInPiecesOfAnySize) {
    for (std::size_t piece = 1; piece <= chunked.size(); ++piece) {
        AnswerReader reader;
        std::string body;
        EXPECT_EQ(take(reader, chunked, piece, body), State::done);
        EXPECT_EQ(reader.status(), 200u);
        EXPECT_EQ(body, "hello world");
    }
    for (std::size_t piece = 1; piece <= sized.size(); ++piece) {
        AnswerReader reader;
        std::string body;
        EXPECT_EQ(take(reader, sized, piece, body), State::done);
        EXPECT_EQ(reader.status(), 422u);
        EXPECT_EQ(body, "bad");
    }
}

TEST(Answer, GivesOutWhatThereIsOfAChunk) {
    AnswerReader reader;
    std::string body;
    EXPECT_EQ(take(reader, chunked.substr(0, chunked.find("hello") + 3), 1000, body), State::body);
    EXPECT_EQ(body, "hel");
}

TEST(Answer, CutOffAnywhereIsNoWholeOne) {
    for (const std::string& whole : {chunked, sized})
        for (std::size_t size = 0; size < whole.size(); ++size) {
            AnswerReader reader;
            std::string body;
            EXPECT_NE(take(reader, whole.substr(0, size), 1000, body), State::done) << size;
            EXPECT_EQ(reader.closed(), State::broken) << size;
            EXPECT_NE(reader.why(), "");
        }
}

TEST(Answer, WithoutALengthEndsWithTheConnection) {
    AnswerReader reader;
    std::string body;
    EXPECT_EQ(take(reader, "HTTP/1.0 200 OK\r\n\r\nall", 1000, body), State::body);
    EXPECT_EQ(reader.closed(), State::done);
    EXPECT_EQ(body, "all");
}

TEST(Answer, LongerThanAnyLimitIsTaken) {
    AnswerReader reader;
    std::string body;
    const std::string part(1 << 20, 'x');
    std::string input = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (int i = 0; i < 12; ++i) {
        input += "100000\r\n" + part + "\r\n";
        ASSERT_EQ(reader.take(input, body), State::body) << reader.why();
    }
    EXPECT_EQ(body.size(), 12u << 20);
}

TEST(Answer, WhatIsNoneIsBroken) {
    for (const char* text : {"SSH-2.0-OpenSSH\r\n", "{\"schema\":1}\n", "HTTP/1.1 abc\r\n\r\n",
                             "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"}) {
        AnswerReader reader;
        std::string body;
        EXPECT_EQ(take(reader, text, 1000, body), State::broken) << text;
        EXPECT_NE(reader.why(), "");
    }
}

TEST(EventsTarget, IsReadAsItWasMeant) {
    backlog::RequestWords words;
    words.kinds = {"link"};
    words.interfaces = {"eth*", "!a&b=c", "\xff%41+#?", "é"};
    words.link_kinds = {"none"};
    words.types = {"link.*"};
    words.transitions = {"state_up"};
    words.since = "00000000000000aa:17";
    words.snapshot = false;
    words.limit = 3;
    const auto parsed = http::parse_target(http::events_target(words));
    ASSERT_TRUE(std::holds_alternative<http::Target>(parsed)) << http::events_target(words);
    const auto& target = std::get<http::Target>(parsed);
    EXPECT_EQ(target.path, "/v1/events");
    const auto read = http::events_request(target, {});
    ASSERT_TRUE(std::holds_alternative<backlog::Request>(read)) << std::get<std::string>(read);
    const auto& request = std::get<backlog::Request>(read);
    ASSERT_EQ(request.filter.scopes.size(), 1u);
    EXPECT_EQ(request.filter.scopes[0].interfaces.patterns(), words.interfaces);
    EXPECT_EQ(request.filter.types.patterns(), words.types);
    EXPECT_EQ(request.filter.transitions, record::transition::state_up);
    EXPECT_EQ(request.since->seq, 17u);
    EXPECT_EQ(request.snapshot, false);
    EXPECT_EQ(request.limit, 3u);
    EXPECT_EQ(http::events_target({}), "/v1/events");
}
