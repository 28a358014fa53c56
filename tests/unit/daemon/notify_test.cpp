#include "notify.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <optional>

using namespace nlwatch::notify;

namespace {

// What a service manager is to a daemon: a datagram socket with a name in the environment.
class Manager {
public:
    Manager() : fd_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {
        sockaddr_un any{};
        any.sun_family = AF_UNIX;
        // unix(7): of an address without a path the kernel makes an abstract one that nobody has.
        EXPECT_EQ(::bind(fd_, reinterpret_cast<sockaddr*>(&any), sizeof any.sun_family), 0);
        sockaddr_un given{};
        socklen_t length = sizeof given;
        EXPECT_EQ(::getsockname(fd_, reinterpret_cast<sockaddr*>(&given), &length), 0);
        address_.assign(given.sun_path, length - offsetof(sockaddr_un, sun_path));
        address_.front() = '@';
        ::setenv("NOTIFY_SOCKET", address_.c_str(), 1);
    }
    Manager(const Manager&) = delete;
    Manager& operator=(const Manager&) = delete;
    ~Manager() {
        close();
        for (const char* name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"}) ::unsetenv(name);
    }

    void close() {
        if (fd_ >= 0) ::close(fd_);
        fd_ = -1;
    }

    void guards(std::chrono::microseconds limit) {
        ::setenv("WATCHDOG_USEC", std::to_string(limit.count()).c_str(), 1);
        ::setenv("WATCHDOG_PID", std::to_string(::getpid()).c_str(), 1);
    }

    // The next message; nothing if there is none.
    std::optional<std::string> heard() {
        char text[4096];
        const ssize_t length = ::recv(fd_, text, sizeof text, 0);
        if (length < 0) return std::nullopt;
        return std::string(text, static_cast<std::size_t>(length));
    }

private:
    int fd_;
    std::string address_;
};

struct NotifyTest : testing::Test {
    Manager manager;
    boost::asio::io_context io{1};
};

}  // namespace

TEST(StatusText, SaysWhatIsFollowedAndWhoReads) {
    EXPECT_EQ(text_of({.links = 12, .addresses = 30, .stream_clients = 3}),
              "following 12 links and 30 addresses; 3 stream clients");
    EXPECT_EQ(text_of({.links = 1, .addresses = 1, .stream_clients = 1, .http_clients = 1}),
              "following 1 link and 1 address; 1 stream client, 1 HTTP client");
    EXPECT_EQ(text_of({.links = 2, .resyncing = true, .reload_refused = true}),
              "following 2 links and 0 addresses; 0 stream clients; looking again after a loss; the last "
              "reload was "
              "refused");
}

TEST(Notifier, WithoutAManagerNothingHappens) {
    ::unsetenv("NOTIFY_SOCKET");
    boost::asio::io_context io{1};
    Notifier notifier{io};
    notifier.starting("waiting");
    notifier.ready("here");
    notifier.reloading();
    notifier.status("there");
    EXPECT_EQ(notifier.ping_interval().count(), 0);
    EXPECT_EQ(io.run(), 0u);
    notifier.stopping();
}

TEST_F(NotifyTest, ALifeFromStartToEndIsToldInOrder) {
    Notifier notifier{io};
    notifier.starting("the first pass");
    notifier.ready("following");
    notifier.reloading();
    notifier.ready("following other things");
    notifier.stopping();
    EXPECT_EQ(manager.heard(), "STATUS=the first pass");
    EXPECT_EQ(manager.heard(), "READY=1\nSTATUS=following");
    EXPECT_TRUE(manager.heard().value_or("").starts_with("RELOADING=1\nMONOTONIC_USEC="));
    EXPECT_EQ(manager.heard(), "READY=1\nSTATUS=following other things");
    EXPECT_EQ(manager.heard(), "STOPPING=1");
    EXPECT_EQ(manager.heard(), std::nullopt);
    EXPECT_EQ(io.run(), 0u) << "nothing is left to be waited for";
}

TEST_F(NotifyTest, TheSameStatusIsToldOnceAndOfALongOneTheFirstLine) {
    Notifier notifier{io};
    notifier.status("one\nREADY=1");
    notifier.status("one\nREADY=1");
    notifier.status("two");
    EXPECT_EQ(manager.heard(), "STATUS=one");
    EXPECT_EQ(manager.heard(), "STATUS=two");
    EXPECT_EQ(manager.heard(), std::nullopt);
}

TEST_F(NotifyTest, TheVariablesAreNotLeftToChildren) {
    manager.guards(std::chrono::seconds{30});
    Notifier notifier{io};
    for (const char* name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"})
        EXPECT_EQ(std::getenv(name), nullptr) << name;
}

TEST_F(NotifyTest, TheReactorItselfSaysThatItIsAlive) {
    manager.guards(std::chrono::milliseconds{30});
    Notifier notifier{io};
    EXPECT_EQ(notifier.ping_interval(), std::chrono::milliseconds{10});
    EXPECT_EQ(manager.heard(), "WATCHDOG=1\nEXTEND_TIMEOUT_USEC=30000") << "at once, and still starting";
    io.run_one();
    EXPECT_EQ(manager.heard(), "WATCHDOG=1\nEXTEND_TIMEOUT_USEC=30000");
    notifier.ready("here");
    EXPECT_EQ(manager.heard(), "READY=1\nSTATUS=here");
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(manager.heard(), std::nullopt) << "only the reactor's turns may tell it";
        io.run_one();
        EXPECT_EQ(manager.heard(), "WATCHDOG=1");
    }
    notifier.stopping();
    EXPECT_EQ(manager.heard(), "STOPPING=1\nWATCHDOG=1");
    io.run();
    EXPECT_EQ(manager.heard(), std::nullopt);
}

TEST_F(NotifyTest, EachSignOfLifeTellsWhatIsNewInTheStatus) {
    manager.guards(std::chrono::milliseconds{30});
    Notifier notifier{io};
    std::string text = "nobody reads";
    notifier.keep_status_by([&] { return text; });
    manager.heard();
    io.run_one();
    EXPECT_EQ(manager.heard(), "WATCHDOG=1\nEXTEND_TIMEOUT_USEC=30000");
    EXPECT_EQ(manager.heard(), std::nullopt) << "there is nothing to tell while it starts";
    notifier.ready(text);
    manager.heard();
    io.run_one();
    EXPECT_EQ(manager.heard(), "WATCHDOG=1");
    EXPECT_EQ(manager.heard(), std::nullopt) << "the same text";
    text = "one reads";
    io.run_one();
    EXPECT_EQ(manager.heard(), "WATCHDOG=1");
    EXPECT_EQ(manager.heard(), "STATUS=one reads");
    notifier.stopping();
}

TEST_F(NotifyTest, AnotherProcessesWatchdogIsNotFed) {
    manager.guards(std::chrono::milliseconds{30});
    ::setenv("WATCHDOG_PID", "1", 1);
    Notifier notifier{io};
    EXPECT_EQ(notifier.ping_interval().count(), 0);
    EXPECT_EQ(io.run(), 0u);
}

// One that is stopped, or has more to read than time: the kernel's queue is full, and a blocking send would
// hang here.
TEST_F(NotifyTest, AManagerThatDoesNotReadStopsNothingAndMissesNoState) {
    Notifier notifier{io};
    constexpr int told = 5000;  // the sender's own buffer holds some hundreds
    for (int i = 0; i < told; ++i) notifier.status("status " + std::to_string(i));
    notifier.reloading();
    notifier.ready("the end");
    std::vector<std::string> all;
    while (true) {
        while (const auto message = manager.heard()) all.push_back(*message);
        if (!all.empty() && all.back() == "READY=1\nSTATUS=the end") break;
        io.restart();
        ASSERT_GT(io.run_one(), 0u) << "it waits until there is room";
    }
    ASSERT_GE(all.size(), 4u);
    EXPECT_LT(all.size(), static_cast<std::size_t>(told))
        << "the queue was never full: this has shown nothing";
    EXPECT_TRUE(all[all.size() - 2].starts_with("RELOADING=1"));
    EXPECT_EQ(all[all.size() - 3], "STATUS=status " + std::to_string(told - 1))
        << "the newest, not all of them";
    EXPECT_EQ(all.front(), "STATUS=status 0");
}

TEST_F(NotifyTest, AManagerThatIsGoneStopsNothing) {
    Notifier notifier{io};
    notifier.ready("here");
    manager.close();
    notifier.status("nobody");
    notifier.status("still nobody");
    EXPECT_EQ(io.run(), 0u);
    notifier.stopping();
}
