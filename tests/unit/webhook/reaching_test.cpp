// Transfers that do not get to their receiver, or should not end: names, proxies, ports where nobody is, and
// ends from this side.
#include <dlfcn.h>
#include <gtest/gtest.h>
#include <netdb.h>

#include <atomic>
#include <boost/system/system_error.hpp>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

#include "posting.hpp"
#include "receiver.hpp"

namespace {

std::atomic<const char*> moving_address = "127.0.0.1";
std::mutex hanging;  // held: a resolver that does not answer

}  // namespace

// Instead of the C library's, for libcurl, too: a name that moves, one whose servers hang, and one that
// nobody has.
extern "C" int getaddrinfo(const char* name, const char* service, const addrinfo* hints, addrinfo** found) {
    const auto real = reinterpret_cast<decltype(&getaddrinfo)>(dlsym(RTLD_NEXT, "getaddrinfo"));
    if (name && std::strcmp(name, "moving.test") == 0) return real(moving_address, service, hints, found);
    if (name && std::strcmp(name, "hanging.test") == 0) {
        const std::lock_guard wait(hanging);
        return EAI_AGAIN;
    }
    if (name && std::strcmp(name, "nobody.test") == 0) return EAI_NONAME;
    return real(name, service, hints, found);
}

namespace nlwatch::webhook {
namespace {

using namespace std::chrono_literals;
using test::answers;
using test::no_content;
using test::Peer;
using test::Receiver;
using test::to;
using Kind = Response::Kind;

struct Reaching : test::Posting {};

TEST_F(Reaching, APortWhereNobodyIs) {
    const Response it = post(to("http://127.0.0.1:1/s3cret"));
    EXPECT_EQ(it.kind, Kind::network_error);
    EXPECT_EQ(it.words, "cannot connect to 127.0.0.1:1: Connection refused");
    EXPECT_EQ(it.address, "");
}

TEST_F(Reaching, ANameThatNobodyHas) {
    EXPECT_EQ(post(to("https://nobody.test/s3cret")).words, "cannot resolve the name of nobody.test:443");
}

TEST_F(Reaching, ANameWhoseServersHang) {
    const std::lock_guard hang(hanging);
    Request request = to("http://hanging.test/s3cret");
    const auto waiting = begin(request);
    Receiver receiver(answers(no_content));
    EXPECT_EQ(post(to(receiver.url())).status, 204);  // meanwhile
    EXPECT_FALSE(waiting->there());

    request.connect_timeout = 200ms;
    const Response it = post(request);
    EXPECT_EQ(it.kind, Kind::timeout);
    EXPECT_EQ(it.words, "cannot resolve the name of hanging.test:80 within 200 ms");

    transfers->abort();
    settle();
    EXPECT_TRUE(waiting->there());
    transfers.reset();  // does not wait for the resolver, either, or nothing would ever end
}

TEST_F(Reaching, AReceiverThatMoves) {
    std::optional<Receiver> receiver(std::in_place, answers(no_content));
    const std::uint16_t port = receiver->port();
    const std::string url = receiver->url("moving.test");
    moving_address = "127.0.0.1";
    EXPECT_EQ(post(to(url)).address, "127.0.0.1:" + std::to_string(port));
    receiver.reset();
    EXPECT_EQ(post(to(url)).kind, Kind::network_error);
    moving_address = "127.0.0.2";
    receiver.emplace(answers(no_content), std::nullopt, test::Place{.address = "127.0.0.2", .port = port});
    EXPECT_EQ(post(to(url)).address, "127.0.0.2:" + std::to_string(port));
}

TEST_F(Reaching, OnlyHttp) {
    for (const char* url :
         {"ftp://127.0.0.1:1/s3cret", "file:///s3cret", "127.0.0.1:99999/s3cret", "", "http://"}) {
        const Response it = post(to(url));
        EXPECT_EQ(it.kind, Kind::network_error) << url;
        EXPECT_NE(it.words, "") << url;
    }
}

TEST_F(Reaching, NobodyByHeadersThatWouldBeTwo) {
    Receiver receiver(answers(no_content));
    Request request = to(receiver.url());
    request.headers.push_back("X-A: b\r\nX-C: s3cret");
    EXPECT_EQ(post(request).words, "header X-A holds a control byte");
    request = to(receiver.url());
    request.bearer = "s3cret\r\nX-C: d";
    EXPECT_EQ(post(request).words, "the bearer token holds a control byte");
    EXPECT_EQ(receiver.connections(), 0);
}

struct Environment : Reaching {
    Environment() {
        std::ofstream(home.path() + "/.netrc") << "machine 127.0.0.1 login a password b\n";
        setenv("HOME", home.path().c_str(), 1);
        for (const char* name : {"http_proxy", "ALL_PROXY"}) setenv(name, "http://127.0.0.1:1", 1);
        setenv("no_proxy", "*", 1);
    }
    ~Environment() override {
        for (const char* name : {"http_proxy", "ALL_PROXY", "no_proxy"}) unsetenv(name);
        if (old_home) setenv("HOME", old_home->c_str(), 1);
    }

    test::TemporaryFolder home;
    std::optional<std::string> old_home =
        std::getenv("HOME") ? std::optional<std::string>(std::getenv("HOME")) : std::nullopt;
};

TEST_F(Environment, CountsForNothing) {
    std::string text;
    Receiver receiver([&](Peer& peer) {
        text = peer.request().value_or("");
        peer.send(no_content);
    });
    Request request = to(receiver.url());
    request.user = request.password = "";
    EXPECT_EQ(post(request).status, 204);
    EXPECT_EQ(text.find("Authorization"), std::string::npos) << text;

    unsetenv("http_proxy");
    unsetenv("ALL_PROXY");
    request = to("http://elsewhere.invalid/s3cret");
    request.proxy = receiver.url();
    EXPECT_EQ(post(request).status, 204);
    EXPECT_TRUE(text.starts_with("POST http://elsewhere.invalid/s3cret HTTP/1.1\r\n")) << text;
}

TEST_F(Reaching, AProxyThatIsNotThere) {
    Request request = to("https://elsewhere.invalid/s3cret");
    request.proxy = "http://user:s3cret@127.0.0.1:1";
    EXPECT_EQ(post(request).words, "cannot connect to the proxy: Connection refused");
}

TEST_F(Reaching, AProxyThatRefuses) {
    Receiver proxy(answers("HTTP/1.1 403 No\r\nRetry-After: 5\r\nContent-Length: 0\r\n\r\n"));
    Request request = to("https://elsewhere.invalid/s3cret");
    request.proxy = proxy.url();
    const Response it = post(request);
    EXPECT_EQ(it.kind, Kind::network_error);
    EXPECT_NE(it.words.find("403"), std::string::npos) << it.words;
}

TEST_F(Reaching, AProxyThatWantsAPassword) {
    Receiver proxy(answers("HTTP/1.1 407 Who?\r\nContent-Length: 0\r\n\r\n"));
    Request request = to("http://elsewhere.invalid/s3cret");
    request.proxy = proxy.url();
    const Response it = post(request);
    EXPECT_EQ(it.kind, Kind::network_error) << "the receiver has said nothing, so nothing is rejected";
    EXPECT_EQ(it.words, "the proxy asks for a user and a password (407), which it cannot be given");
    request.proxy = "";
    request.url = proxy.url();
    const Response of_a_receiver = post(request);
    EXPECT_EQ(of_a_receiver.kind, Kind::status) << "there it is an answer as any other";
    EXPECT_EQ(of_a_receiver.status, 407);
}

TEST_F(Reaching, AProxyThatCloses) {
    Receiver proxy([](test::Peer& peer) { peer.request(); });
    Request request = to("http://elsewhere.invalid/s3cret");
    request.proxy = proxy.url();
    EXPECT_EQ(post(request).words,
              "elsewhere.invalid:80 by way of the proxy closed the connection without an answer");
}

TEST_F(Reaching, ManyAtOnceOfWhichOneHangs) {
    Receiver hangs([](Peer& peer) { peer.wait_for_close(); });
    Receiver receiver(answers(no_content));
    const auto waiting = begin(to(hangs.url()));
    for (int i = 0; i < 20; ++i) EXPECT_EQ(post(to(receiver.url())).status, 204);
    std::vector<std::shared_ptr<test::Outcome>> others;
    for (int i = 0; i < 20; ++i) others.push_back(begin(to(receiver.url())));
    for (const auto& it : others) {
        ASSERT_TRUE(until([&] { return it->there(); }));
        EXPECT_EQ(it->response->status, 204);
    }
    EXPECT_FALSE(waiting->there());
    transfers->abort();
    settle();
    ASSERT_TRUE(waiting->response);
    EXPECT_EQ(waiting->response->words, "called off");
}

// The receiver notices that the transfer has been ended from this side.
struct Ended : Reaching {
    std::atomic<bool> asked = false, left = false;
    Receiver receiver{[this](Peer& peer) {
        peer.request();
        asked = true;
        peer.wait_for_close();
        left = true;
    }};
    std::shared_ptr<test::Outcome> waiting = begin(to(receiver.url()));
};

TEST_F(Ended, ByAbort) {
    const auto another = begin(to(receiver.url()));
    ASSERT_TRUE(until([&] { return receiver.connections() == 2 && asked; }));
    transfers->abort();
    EXPECT_FALSE(waiting->there());
    settle();
    for (const auto& it : {waiting, another}) {
        ASSERT_TRUE(it->response);
        EXPECT_EQ(it->response->kind, Kind::network_error);
        EXPECT_EQ(it->response->words, "called off");
    }
    EXPECT_TRUE(until([&] { return left.load(); }));
}

TEST_F(Ended, ByCancellation) {
    ASSERT_TRUE(until([&] { return asked.load(); }));
    waiting->cancel.emit(boost::asio::cancellation_type::terminal);
    settle();
    ASSERT_TRUE(waiting->thrown);
    EXPECT_THROW(std::rethrow_exception(waiting->thrown), boost::system::system_error);
    EXPECT_TRUE(until([&] { return left.load(); }));
}

TEST_F(Ended, WithTheReactor) {
    ASSERT_TRUE(until([&] { return asked.load(); }));
    // Nothing is told, nobody awaits it any more; the frames go with the reactor, behind this object.
    transfers.reset();
}

}  // namespace
}  // namespace nlwatch::webhook
