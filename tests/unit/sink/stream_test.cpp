// The stream server over real Unix sockets; clients and server take turns in one thread.
#include "sink/stream.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "little_world.hpp"
#include "sink/unix_listener.hpp"
#include "temporary_folder.hpp"

namespace nlwatch::sink {
namespace {

using test::lines_of;
using test::seq_of;
using test::type_of;

class Client {
public:
    Client() : fd_(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) { EXPECT_GE(fd_, 0); }
    explicit Client(const std::string& path) : Client() { connect(path); }
    Client(Client&& other) noexcept : text(std::move(other.text)), fd_(std::exchange(other.fd_, -1)) {}
    ~Client() { close(); }

    void connect(const std::string& path) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::memcpy(address.sun_path, path.data(), path.size());
        ASSERT_EQ(::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0)
            << strerror(errno);
    }
    void close() {
        if (fd_ >= 0) ::close(std::exchange(fd_, -1));
    }
    void half_close() { ASSERT_EQ(shutdown(fd_, SHUT_WR), 0); }
    ssize_t send(const std::string& bytes) {
        return ::send(fd_, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    }

    // Takes what is there, at most so much; false at the end of the stream.
    bool read(std::size_t most = 1 << 20) {
        std::string piece(most, '\0');
        const ssize_t size = recv(fd_, piece.data(), piece.size(), MSG_DONTWAIT);
        if (size > 0) text.append(piece, 0, static_cast<std::size_t>(size));
        return size > 0 || (size < 0 && errno == EAGAIN);
    }
    std::vector<std::string> lines() const { return lines_of(text); }
    // The newest record read, or as of which it was told something.
    std::uint64_t seq() const { return last_line().empty() ? 0 : seq_of(last_line()); }
    std::string last_type() const { return last_line().empty() ? "" : type_of(last_line()); }

    std::string text;

private:
    // Without a look at all the others: they are many, and it is asked for behind each of them.
    std::string last_line() const {
        const std::size_t end = text.rfind('\n');
        if (end == text.npos || end == 0) return "";
        const std::size_t before = text.rfind('\n', end - 1);
        const std::size_t begin = before == text.npos ? 0 : before + 1;
        return text.substr(begin, end - begin);
    }

    int fd_;
};

std::size_t descriptors() {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator("/proc/self/fd"),
                                                  std::filesystem::directory_iterator{}));
}

struct StreamTest : testing::Test {
    explicit StreamTest(std::size_t ring_bytes = 1 << 20) : world(ring_bytes) {
        world.link(2, 1500);
        world.backlog.begin();
    }
    void serve(std::size_t max_clients = 256) {
        listener.emplace(
            listen_unix(world.reactor.get_executor(), {.path = path, .mode = 0600, .group = ""}));
        server = StreamServer::start(std::move(listener->acceptor), world.backlog, world.wake_up,
                                     {.max_clients = max_clients});
    }
    bool caught_up(const Client& client) const {
        return client.seq() == world.backlog.head() &&
               client.text.find("snapshot.end") != std::string::npos &&
               (client.last_type().starts_with("link.") || client.last_type() == "snapshot.end");
    }
    // Runs the server and reads, until the client has read the newest record; false if it never does.
    bool catches_up(Client& client) {
        return world.until([&] {
            client.read();
            return caught_up(client);
        });
    }
    bool ends(Client& client) {
        return world.until([&] { return !client.read(); });
    }

    test::LittleWorld world;
    test::TemporaryFolder folder;
    std::string path = folder.path() + "/stream.sock";
    std::optional<UnixListener> listener;
    std::shared_ptr<StreamServer> server;
};
struct StreamFromALittleRing : StreamTest {
    StreamFromALittleRing() : StreamTest(16 * 1024) {}
};

TEST_F(StreamTest, ServesManyClientsTheSame) {
    serve();
    std::vector<Client> clients;
    for (int i = 0; i < 60; ++i) clients.emplace_back(path);
    for (Client& client : clients) ASSERT_TRUE(catches_up(client));
    EXPECT_EQ(server->clients(), 60u);
    for (int i = 0; i < 20; ++i) {
        world.churn(10);
        world.settle();
    }
    for (Client& client : clients) {
        ASSERT_TRUE(catches_up(client));
        EXPECT_EQ(client.lines().size(), 4u + 200u);
        EXPECT_EQ(test::breach_of_order(client.lines()), "");
        EXPECT_EQ(client.lines().back(), clients.front().lines().back());
    }
    EXPECT_EQ(server->counters().gaps, 0u);
}

TEST_F(StreamTest, SaysNothingBeforeTheRunBegins) {
    test::LittleWorld early;
    UnixListener listening =
        listen_unix(early.reactor.get_executor(), {.path = path, .mode = 0600, .group = ""});
    const auto early_server =
        StreamServer::start(std::move(listening.acceptor), early.backlog, early.wake_up, {});
    Client client(path);
    ASSERT_TRUE(early.until([&] { return early_server->clients() == 1; }));
    early.churn(3);
    early.settle();
    EXPECT_TRUE(client.read());
    EXPECT_EQ(client.text, "");
    early.backlog.begin();
    early.wake_up.notify();
    ASSERT_TRUE(early.until([&] { return client.read() && client.last_type() == "snapshot.end"; }));
    EXPECT_EQ(client.seq(), 0u);
}

TEST_F(StreamFromALittleRing, OneThatNeverReadsDelaysNobodyAndConvergesLater) {
    serve();
    Client stuck(path), quick(path);
    ASSERT_TRUE(catches_up(quick));
    for (int i = 0; i < 1000; ++i) {
        world.churn(5);
        ASSERT_TRUE(catches_up(quick));
    }
    EXPECT_EQ(quick.lines().size(), 4u + 5000u);
    EXPECT_EQ(test::breach_of_order(quick.lines()), "");
    EXPECT_EQ(server->counters().gaps, 0u) << "it has been told nothing yet: it sits on its first batches";

    ASSERT_TRUE(catches_up(stuck));
    EXPECT_EQ(test::breach_of_order(stuck.lines()), "");
    EXPECT_NE(stuck.text.find("\"reason\":\"slow_reader\""), std::string::npos);
    EXPECT_GE(server->counters().gaps, 1u);
}

TEST_F(StreamFromALittleRing, OneByteAtATimeIsServedWholeLines) {
    serve();
    Client client(path);
    for (int i = 0; i < 600; ++i) {  // more than the socket takes
        world.churn(1);
        world.settle();
        for (int byte = 0; byte < 50; ++byte) client.read(1);
    }
    ASSERT_TRUE(world.until([&] {
        for (int byte = 0; byte < 500; ++byte) client.read(1);
        return caught_up(client);
    }));
    EXPECT_EQ(test::breach_of_order(client.lines()), "");
    EXPECT_GE(server->counters().gaps, 1u) << "it was overtaken while it read";
}

TEST_F(StreamTest, WhatAClientSendsIsIgnored) {
    serve();
    Client client(path);
    std::size_t sent = 0;
    ASSERT_TRUE(world.until([&] {
        const ssize_t size = client.send(std::string(10'000, 'x'));
        if (size > 0) sent += static_cast<std::size_t>(size);
        return sent > 1'000'000;
    }));
    world.churn(1);
    EXPECT_TRUE(catches_up(client));
    EXPECT_EQ(server->clients(), 1u);
}

TEST_F(StreamTest, AHalfCloseEndsNothingAndCostsNothing) {
    serve();
    Client client(path);
    client.half_close();
    ASSERT_TRUE(catches_up(client));
    int turns = 0;
    while (turns < 1000 && world.reactor.poll_one() > 0) ++turns;
    EXPECT_LT(turns, 1000) << "it spins";
    world.churn(5);
    ASSERT_TRUE(catches_up(client));
    EXPECT_EQ(client.lines().size(), 9u);
    EXPECT_EQ(server->clients(), 1u);

    client.close();  // no record comes that could fail to be written
    EXPECT_TRUE(world.until([&] { return server->clients() == 0; }));
}

TEST_F(StreamTest, ACloseEndsTheClientAtOnce) {
    serve();
    const std::size_t before = descriptors();
    Client read_all(path), read_nothing(path), closes_half_and_whole(path);
    ASSERT_TRUE(world.until([&] { return server->clients() == 3; }));
    ASSERT_TRUE(catches_up(read_all));
    read_all.close();
    read_nothing.close();  // with lines unread: a reset
    closes_half_and_whole.half_close();
    closes_half_and_whole.close();
    EXPECT_TRUE(world.until([&] { return server->clients() == 0; }));
    EXPECT_EQ(descriptors(), before);
    world.churn(1);
    world.settle();
}

TEST_F(StreamFromALittleRing, ACloseEndsAClientThatIsWrittenTo) {
    serve();
    Client stuck(path);
    for (int i = 0; i < 500; ++i) {
        world.churn(5);
        world.settle();
    }
    ASSERT_EQ(server->clients(), 1u);
    stuck.close();
    EXPECT_TRUE(world.until([&] { return server->clients() == 0; }));
}

TEST_F(StreamTest, OneClientTooManyGetsAWordAndAClose) {
    serve(2);
    Client first(path), second(path), third(path);
    ASSERT_TRUE(ends(third));
    ASSERT_EQ(third.lines().size(), 1u);
    EXPECT_EQ(type_of(third.lines()[0]), "error");
    EXPECT_NE(third.text.find("max_clients"), std::string::npos);
    EXPECT_EQ(server->counters().refused, 1u);
    EXPECT_EQ(server->counters().accepted, 2u);

    first.close();
    ASSERT_TRUE(world.until([&] { return server->clients() == 1; }));
    Client fourth(path);
    EXPECT_TRUE(catches_up(fourth));
    EXPECT_TRUE(catches_up(second));
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

private:
    rlimit before_{};
    std::vector<int> taken_;
};

TEST_F(StreamTest, WithoutDescriptorsAcceptWaitsAndDoesNotSpin) {
    serve();
    world.settle();
    Client client;
    {
        const NoDescriptors none;
        client.connect(path);
        ASSERT_TRUE(world.until([&] { return server->counters().accept_failures > 0; }));
        for (int i = 0; i < 10'000; ++i) world.settle();
        EXPECT_LT(server->counters().accept_failures, 1000u) << "as often as it could";
        EXPECT_EQ(server->clients(), 0u);
    }
    EXPECT_TRUE(catches_up(client)) << "it was not forgotten";
}

TEST_F(StreamTest, StopGivesALastWriteAndCloses) {
    serve();
    Client client(path);
    ASSERT_TRUE(catches_up(client));
    world.churn(3);  // not pumped yet
    server->stop();
    EXPECT_EQ(server->clients(), 0u);
    ASSERT_TRUE(ends(client));
    EXPECT_EQ(client.seq(), 3u);
    EXPECT_EQ(test::breach_of_order(client.lines()), "");
    world.settle();
    EXPECT_EQ(server.use_count(), 1) << "nothing is left of it in the reactor";
    server->stop();
}

TEST_F(StreamFromALittleRing, StopDoesNotWaitForOneThatDoesNotRead) {
    serve();
    Client stuck(path);
    for (int i = 0; i < 500; ++i) {
        world.churn(5);
        world.settle();
    }
    server->stop();
    world.settle();
    EXPECT_EQ(server.use_count(), 1);
    ASSERT_TRUE(ends(stuck));
    EXPECT_EQ(test::breach_of_order(stuck.lines()), "") << "no byte twice, none left out";
}

TEST_F(StreamFromALittleRing, StopFinishesTheLineUnderWay) {
    serve();
    Client client(path);
    for (int i = 0; i < 500; ++i) {
        world.churn(5);
        world.settle();
    }
    for (std::size_t before = 1;
         before != client.text.size();) {  // there is room again, and nobody has noticed
        before = client.text.size();
        client.read();
    }
    server->stop();
    ASSERT_TRUE(ends(client));
    EXPECT_EQ(client.text.back(), '\n');
    EXPECT_EQ(test::breach_of_order(client.lines()), "");
    EXPECT_EQ(client.seq(), world.backlog.head());
}

TEST_F(StreamTest, ItsReactorMayGoFirst) {
    auto other = std::make_unique<test::LittleWorld>();
    UnixListener listening =
        listen_unix(other->reactor.get_executor(), {.path = path, .mode = 0600, .group = ""});
    const std::weak_ptr<StreamServer> gone =
        StreamServer::start(std::move(listening.acceptor), other->backlog, other->wake_up, {});
    Client client(path);
    ASSERT_TRUE(other->until([&] { return gone.lock()->clients() == 1; }));
    other.reset();
    EXPECT_TRUE(gone.expired());
    EXPECT_FALSE(client.read());
}

}  // namespace
}  // namespace nlwatch::sink
