// Transfers against real receivers on loopback: what is sent, and what is made of what comes back.
#include "webhook/transfers.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <ctime>
#include <string>
#include <thread>
#include <utility>

#include "posting.hpp"
#include "receiver.hpp"

namespace nlwatch::webhook {
namespace {

using namespace std::chrono_literals;
using test::answers;
using test::no_content;
using test::Peer;
using test::Receiver;
using test::to;
using Kind = Response::Kind;

struct Sending : test::Posting {
    // The request as it comes out of the wire; answered by 204.
    std::string received(Request request) {
        std::string text;
        Receiver receiver([&](Peer& peer) {
            text = peer.request().value_or("");
            peer.send(no_content);
            peer.wait_for_close();
        });
        if (request.url.empty()) request.url = receiver.url();
        EXPECT_EQ(post(std::move(request)).status, 204);
        transfers.emplace(reactor.get_executor());  // closes the connection that was kept
        return text;
    }
};

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST_F(Sending, IsAPostOfWhatItWasGivenAndNoMore) {
    Request request = to("");
    request.user = request.password = "";
    request.headers.push_back("X-Empty:");
    const std::string text = received(request);
    EXPECT_TRUE(text.starts_with("POST /hook/s3cret?token=s3cret HTTP/1.1\r\nHost: 127.0.0.1:")) << text;
    EXPECT_TRUE(text.ends_with("\r\n\r\n{\"a\":1}")) << text;
    EXPECT_TRUE(holds(text, "\r\nContent-Type: application/json\r\n")) << text;
    EXPECT_TRUE(holds(text, "\r\nX-Empty:\r\n")) << text;
    EXPECT_FALSE(holds(text, "Authorization")) << text;
}

TEST_F(Sending, CarriesCredentials) {
    EXPECT_TRUE(holds(received(to("")), "\r\nAuthorization: Basic czNjcmV0LXVzZXI6czNjcmV0LXBhc3N3b3Jk\r\n"));
    Request request = to("");
    request.user = request.password = "";
    request.bearer = "s3cret-token";
    EXPECT_TRUE(holds(received(request), "\r\nAuthorization: Bearer s3cret-token\r\n"));
}

TEST_F(Sending, NeverWaitsForA100) {
    Request request = to("");
    request.body.assign(3 << 20, 'x');
    const std::string text = received(request);
    EXPECT_GT(text.size(), std::size_t{3} << 20);
    EXPECT_FALSE(holds(text.substr(0, 2000), "Expect")) << text.substr(0, 2000);
}

TEST_F(Sending, KeepsItsConnection) {
    Receiver receiver(answers(no_content));
    for (int i = 0; i < 3; ++i) EXPECT_EQ(post(to(receiver.url())).status, 204);
    EXPECT_EQ(receiver.connections(), 1);
}

// The connection dies after its first answer: before it is used again, or under the next request, by FIN or
// by RST.
struct KeptConnection : Sending, testing::WithParamInterface<std::pair<bool, bool>> {};

TEST_P(KeptConnection, IsReplacedWhenItIsDead) {
    const auto [at_once, by_reset] = GetParam();
    std::atomic<bool> first = true;
    Receiver receiver([&, at_once = at_once, by_reset = by_reset](Peer& peer) {
        if (!first.exchange(false)) return answers(no_content)(peer);
        peer.request();
        peer.send(no_content);
        if (!at_once) peer.request();
        if (by_reset) peer.reset();
    });
    EXPECT_EQ(post(to(receiver.url())).status, 204);
    if (at_once) std::this_thread::sleep_for(50ms);
    const Response second = post(to(receiver.url()));
    EXPECT_EQ(second.status, 204) << second.words;
    EXPECT_EQ(receiver.connections(), 2);
}

INSTANTIATE_TEST_SUITE_P(Deaths, KeptConnection,
                         testing::Values(std::pair{true, false}, std::pair{true, true},
                                         std::pair{false, false}, std::pair{false, true}));

// As a balancer does that has waited for long enough; one that goes on is no better.
TEST_F(Sending, TakesNothingForAnAnswerThatWasSaidUnasked) {
    for (const std::string unasked : {"HTTP/1.1 408 Idle\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
                                      "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "?"}) {
        std::atomic<bool> answered = false, said = false, first = true;
        Receiver receiver([&](Peer& peer) {
            if (!first.exchange(false)) return answers(no_content)(peer);
            peer.request();
            peer.send(no_content);
            while (!answered) std::this_thread::sleep_for(1ms);  // or it would be one with the answer
            peer.send(unasked);
            said = true;
            answers(no_content)(peer);
        });
        EXPECT_EQ(post(to(receiver.url())).status, 204);
        answered = true;
        while (!said) std::this_thread::sleep_for(1ms);
        const Response second = post(to(receiver.url()));
        EXPECT_EQ(second.status, 204) << second.words;
        EXPECT_EQ(receiver.connections(), 2) << unasked;
        transfers.emplace(reactor.get_executor());
    }
}

struct Answered : test::Posting {
    Response by(const std::string& answer) {
        Receiver receiver(answers(answer));
        Response response = post(to(receiver.url()));
        EXPECT_EQ(response.address, "127.0.0.1:" + std::to_string(receiver.port()));
        EXPECT_GT(response.duration, 0ns);
        transfers.emplace(reactor.get_executor());
        return response;
    }
};

TEST_F(Answered, WithAStatusAndABody) {
    const Response it = by("HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nb\xff\x1bn");
    EXPECT_EQ(it.kind, Kind::status);
    EXPECT_EQ(it.status, 503);
    EXPECT_EQ(it.body, "b\xff\x1bn");
    EXPECT_EQ(it.words, "");
    EXPECT_EQ(it.tls_version, "");
    EXPECT_EQ(it.retry_after, std::nullopt);
}

TEST_F(Answered, BehindAnInterimAnswer) {
    EXPECT_EQ(by("HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n" + no_content).status, 204);
}

TEST_F(Answered, ByARedirectThatIsNotFollowed) {
    Receiver elsewhere(answers(no_content));
    const Response it =
        by("HTTP/1.1 302 Found\r\nLocation: " + elsewhere.url() + "\r\nContent-Length: 0\r\n\r\n");
    EXPECT_EQ(it.status, 302);
    EXPECT_EQ(elsewhere.connections(), 0);
}

TEST_F(Answered, WithRetryAfter) {
    const auto after = [this](const std::string& value) {
        return by("HTTP/1.1 429 Slow\r\nRetry-After: " + value + "\r\nContent-Length: 0\r\n\r\n").retry_after;
    };
    EXPECT_EQ(after("17"), 17s);
    EXPECT_EQ(after("0"), std::nullopt);
    EXPECT_EQ(after("soon"), std::nullopt);
    EXPECT_GT(after("99999999999"), 1h);
    const auto date = [](std::time_t when) {
        char text[64];
        std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", std::gmtime(&when));
        return std::string(text);
    };
    const auto in_a_while = after(date(std::time(nullptr) + 100));
    ASSERT_TRUE(in_a_while);
    EXPECT_GE(*in_a_while, 40s);
    EXPECT_LE(*in_a_while, 100s);
    EXPECT_EQ(after(date(std::time(nullptr) - 100)), std::nullopt);
}

TEST_F(Answered, WithABodyOfWhichTheBeginningIsKept) {
    const Response it = by("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + std::string(5000, 'x'));
    EXPECT_EQ(it.status, 200);
    EXPECT_EQ(it.body, std::string(512, 'x'));
}

TEST_F(Answered, WithABodyThatRepeatsWhatMayNotBeShown) {
    EXPECT_EQ(by("HTTP/1.1 404 Not Found\r\nContent-Length: 24\r\n\r\nCannot POST /hook/s3cret\n").body,
              "nothing that may be shown: it repeats the URL or a secret");
}

TEST_F(Answered, WithABodyThatNeverEnds) {
    Receiver receiver([](Peer& peer) {
        peer.request();
        peer.send("HTTP/1.1 200 OK\r\n\r\n");
        const std::string piece(1 << 16, 'x');
        bool more = true;
        while (more) more = peer.send(piece);
    });
    const Response it = post(to(receiver.url()));
    EXPECT_EQ(it.kind, Kind::status);
    EXPECT_EQ(it.status, 200);
    EXPECT_EQ(it.body.size(), 512U);
}

TEST_F(Answered, OverIpV6) {
    Receiver receiver(answers(no_content), {}, {.address = "::1"});
    EXPECT_EQ(post(to(receiver.url("[::1]"))).address, "[::1]:" + std::to_string(receiver.port()));
}

// How a receiver misbehaves, and the end of what is said of it, behind "127.0.0.1:<port>".
struct Misbehaviour {
    const char* name;
    void (*behave)(Peer&);
    Kind kind;
    const char* words;
};

void after_request(Peer& peer, std::string_view bytes) {
    peer.request();
    peer.send(bytes);
}

const Misbehaviour misbehaviours[] = {
    {"Hangs",
     [](Peer& peer) {
         peer.request();
         peer.wait_for_close();
     },
     Kind::timeout, "no whole answer from @ within 400 ms"},
    {"Drips",
     [](Peer& peer) {
         peer.request();
         bool more = peer.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
         while (more) {
             more = peer.send("x");
             std::this_thread::sleep_for(20ms);
         }
     },
     Kind::timeout, "no whole answer from @ within 400 ms"},
    {"HangsInItsHeader",
     [](Peer& peer) {
         after_request(peer, "HTTP/1.1 200 OK\r\nContent-");
         peer.wait_for_close();
     },
     Kind::timeout, "no whole answer from @ within 400 ms"},
    {"ClosesInItsHeader", [](Peer& peer) { after_request(peer, "HTTP/1.1 200 OK\r\nContent-"); },
     Kind::network_error, "@ closed the connection within the header of its answer"},
    {"ClosesBehindItsStatus", [](Peer& peer) { after_request(peer, "HTTP/1.1 200 OK\r\n"); },
     Kind::network_error, "@ closed the connection within the header of its answer"},
    {"ClosesInItsBody",
     [](Peer& peer) { after_request(peer, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"); },
     Kind::network_error, "@ closed the connection within its answer"},
    {"ClosesInItsChunks",
     [](Peer& peer) { after_request(peer, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n{"); },
     Kind::network_error, "@ closed the connection within its answer"},
    {"ClosesAtOnce", [](Peer& peer) { peer.request(); }, Kind::network_error,
     "@ closed the connection without an answer"},
    {"Resets",
     [](Peer& peer) {
         peer.request();
         peer.reset();
     },
     Kind::network_error, "@: Recv failure: Connection reset by peer"},
    {"SpeaksAnotherProtocol", [](Peer& peer) { after_request(peer, "SSH-2.0-\x1b[1mhello\r\n"); },
     Kind::network_error, "what @ answers is no HTTP (Received HTTP/0.9 when not allowed)"},
    {"HasAnEndlessHeader",
     [](Peer& peer) {
         after_request(peer, "HTTP/1.1 200 OK\r\n");
         bool more = true;
         while (more) more = peer.send("X-More: " + std::string(1000, 'x') + "\r\n");
     },
     Kind::network_error, "the header of the answer from @ does not end"},
};

struct Misbehaving : test::Posting, testing::WithParamInterface<Misbehaviour> {};

TEST_P(Misbehaving, FailsInWords) {
    Receiver receiver(GetParam().behave);
    Request request = to(receiver.url());
    if (GetParam().kind == Kind::timeout) request.timeout = 400ms;
    const Response it = post(request);
    EXPECT_EQ(it.kind, GetParam().kind);
    EXPECT_EQ(it.status, 0);
    std::string words = GetParam().words;
    words.replace(words.find('@'), 1, "127.0.0.1:" + std::to_string(receiver.port()));
    EXPECT_EQ(it.words, words);
    transfers.reset();
}

INSTANTIATE_TEST_SUITE_P(Receivers, Misbehaving, testing::ValuesIn(misbehaviours),
                         [](const auto& of) { return std::string(of.param.name); });

}  // namespace
}  // namespace nlwatch::webhook
