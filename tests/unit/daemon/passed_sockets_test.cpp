#include "passed_sockets.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "failure.hpp"

using namespace nlwatch;

namespace {

constexpr int first = 200;  // beyond what a test program has open; systemd's is 3

// Passes sockets as systemd does: at numbers that follow each other, open to children, told of in the
// environment.
struct PassedSocketsTest : testing::Test {
    ~PassedSocketsTest() override {
        for (int i = 0; i < count; ++i) ::close(first + i);
        for (const char* name : {"LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES", "LISTEN_PIDFDID"})
            ::unsetenv(name);
        std::filesystem::remove_all(folder);
    }

    void pass(int fd, const std::string& name) {
        ASSERT_GE(fd, 0);
        ASSERT_EQ(::dup2(fd, first + count), first + count);
        ::close(fd);
        names += (count++ ? ":" : "") + name;
        ::setenv("LISTEN_PID", std::to_string(::getpid()).c_str(), 1);
        ::setenv("LISTEN_FDS", std::to_string(count).c_str(), 1);
        ::setenv("LISTEN_FDNAMES", names.c_str(), 1);
    }

    std::string path(const std::string& name) const { return folder + "/" + name; }

    int unix_socket(const std::string& where, int type = SOCK_STREAM, bool listening = true) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::memcpy(address.sun_path, where.data(), where.size());
        const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + where.size());
        const int fd = ::socket(AF_UNIX, type, 0);
        EXPECT_EQ(::bind(fd, reinterpret_cast<sockaddr*>(&address), length), 0) << std::strerror(errno);
        EXPECT_EQ(listening ? ::listen(fd, 8) : 0, 0);
        return fd;
    }

    // Any free port of the loopback address.
    int inet_socket() {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
        EXPECT_EQ(::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
        EXPECT_EQ(::listen(fd, 8), 0);
        socklen_t length = sizeof address;
        ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length);
        port = ntohs(address.sin_port);
        return fd;
    }

    int inet6_socket() {
        sockaddr_in6 address{};
        address.sin6_family = AF_INET6;
        address.sin6_addr = in6addr_loopback;
        const int fd = ::socket(AF_INET6, SOCK_STREAM, 0);
        EXPECT_EQ(::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
        EXPECT_EQ(::listen(fd, 8), 0);
        socklen_t length = sizeof address;
        ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length);
        port = ntohs(address.sin6_port);
        return fd;
    }

    std::string refusal() {
        try {
            PassedSockets::from_environment(first);
            return "";
        } catch (const Failure& failure) {
            for (int i = 0; i < count; ++i) EXPECT_EQ(::fcntl(first + i, F_GETFD), -1) << "left open";
            return failure.what();
        }
    }

    std::string folder =
        std::filesystem::temp_directory_path() / ("nlwatch-test-" + std::to_string(::getpid()));
    bool made = std::filesystem::create_directory(folder);
    std::string names;
    int count = 0;
    std::uint16_t port = 0;
};

}  // namespace

TEST_F(PassedSocketsTest, NothingPassedIsNothingTaken) {
    EXPECT_TRUE(PassedSockets::from_environment(first).empty());
}

TEST_F(PassedSocketsTest, AreToldByNameAndAddressInWhateverOrder) {
    pass(inet_socket(), "http");
    pass(unix_socket(path("control.sock")), "control");
    pass(unix_socket(path("http.sock")), "http");
    pass(unix_socket(path("stream.sock")), "stream");
    PassedSockets passed = PassedSockets::from_environment(first);

    const auto stream = passed.take_unix("stream");
    ASSERT_TRUE(stream);
    EXPECT_EQ(stream->text(), path("stream.sock"));
    EXPECT_EQ(stream->fd.get(), first + 3);
    EXPECT_FALSE(passed.take_unix("stream")) << "it was taken";
    EXPECT_EQ(passed.take_unix("http").value().address, path("http.sock"));
    EXPECT_EQ(passed.take_unix("control").value().address, path("control.sock"));

    EXPECT_FALSE(passed.take_ip("127.0.0.2", port));
    EXPECT_FALSE(passed.take_ip("127.0.0.1", static_cast<std::uint16_t>(port + 1)));
    const auto ip = passed.take_ip("127.0.0.1", port);
    ASSERT_TRUE(ip);
    EXPECT_EQ(ip->family, AF_INET);
    EXPECT_EQ(ip->text(), "127.0.0.1:" + std::to_string(port));
    EXPECT_TRUE(passed.empty());
}

TEST_F(PassedSocketsTest, WhatNobodyAskedForIsLeftOver) {
    pass(unix_socket(path("stream.sock")), "stream");
    pass(inet6_socket(), "http");
    PassedSockets passed = PassedSockets::from_environment(first);
    ASSERT_TRUE(passed.take_unix("stream"));
    const auto rest = passed.take_rest();
    ASSERT_EQ(rest.size(), 1u);
    EXPECT_EQ(rest[0].text(), "[::1]:" + std::to_string(port));
    EXPECT_EQ(rest[0].address, "::1");
    EXPECT_TRUE(passed.empty());
}

TEST_F(PassedSocketsTest, AreClosedWithTheirOwnerAndNotLeftToChildren) {
    pass(unix_socket(path("stream.sock")), "stream");
    {
        const PassedSockets passed = PassedSockets::from_environment(first);
        EXPECT_EQ(::fcntl(first, F_GETFD), FD_CLOEXEC);
        for (const char* name : {"LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"})
            EXPECT_EQ(std::getenv(name), nullptr) << name;
    }
    EXPECT_EQ(::fcntl(first, F_GETFD), -1);
    EXPECT_TRUE(std::filesystem::exists(path("stream.sock"))) << "the file is the socket unit's";
}

TEST_F(PassedSocketsTest, AnotherProcessesSocketsAreNotTouched) {
    pass(unix_socket(path("stream.sock")), "stream");
    ::setenv("LISTEN_PID", "1", 1);
    EXPECT_TRUE(PassedSockets::from_environment(first).empty());
    EXPECT_EQ(::fcntl(first, F_GETFD), 0);
    EXPECT_EQ(std::getenv("LISTEN_FDS"), nullptr) << "and not announced to children";
}

TEST_F(PassedSocketsTest, AnAbstractAddressIsWrittenWithAnAt) {
    const std::string name = "nlwatch-test-" + std::to_string(::getpid());
    pass(unix_socket('\0' + name), "stream");
    EXPECT_EQ(PassedSockets::from_environment(first).take_unix("stream").value().address, "@" + name);
}

TEST_F(PassedSocketsTest, AnUnknownNameSaysWhichSocketAndWhatWouldBeRight) {
    pass(unix_socket(path("stream.sock")), "stream");
    pass(unix_socket(path("other.sock")), "strem");
    EXPECT_EQ(refusal(),
              "systemd passed the socket " + path("other.sock") +
                  " as 'strem', a name that nlwatch does not know: FileDescriptorName= in its socket unit "
                  "must be stream, http or control");
}

TEST_F(PassedSocketsTest, WithoutNamesNoneIsGuessed) {
    pass(unix_socket(path("stream.sock")), "stream");
    ::unsetenv("LISTEN_FDNAMES");
    EXPECT_NE(refusal().find("as 'unknown', a name that nlwatch does not know"), std::string::npos);
}

TEST_F(PassedSocketsTest, ADoorForThisMachineIsNotOpenedToANetwork) {
    pass(inet_socket(), "control");
    EXPECT_EQ(refusal(), "systemd passed the socket 127.0.0.1:" + std::to_string(port) +
                             " as 'control', a door that is for this machine only: ListenStream= in "
                             "nlwatch-control.socket must be a path");
}

TEST_F(PassedSocketsTest, WhatIsNoListeningStreamSocketIsRefused) {
    pass(::open("/dev/null", O_RDONLY), "stream");
    EXPECT_EQ(
        refusal(),
        "systemd passed descriptor 200 as 'stream', which is not a socket: its socket unit may only have "
        "ListenStream=");
    count = 0, names.clear();
    pass(unix_socket(path("datagram.sock"), SOCK_DGRAM, false), "stream");
    EXPECT_NE(refusal().find("not a stream socket"), std::string::npos);
    count = 0, names.clear();
    pass(unix_socket(path("silent.sock"), SOCK_STREAM, false), "stream");
    EXPECT_NE(refusal().find("does not listen: its socket unit must not have Accept=yes"), std::string::npos);
}

TEST_F(PassedSocketsTest, MoreAnnouncedThanPassedIsToldAsSuch) {
    pass(unix_socket(path("stream.sock")), "stream");
    ::setenv("LISTEN_FDS", "2", 1);
    ::setenv("LISTEN_FDNAMES", "stream:http", 1);
    EXPECT_NE(refusal().find("descriptor 201 as 'http' was announced ($LISTEN_FDS) but is not there"),
              std::string::npos);
    ::setenv("LISTEN_PID", std::to_string(::getpid()).c_str(), 1);
    ::setenv("LISTEN_FDS", "many", 1);
    EXPECT_EQ(refusal(), "LISTEN_FDS='many' is not a number; start the daemon by its unit");
}

TEST(SocketUnit, IsNamedForEachDoor) {
    EXPECT_EQ(socket_unit("stream"), "nlwatch.socket");
    EXPECT_EQ(socket_unit("http"), "nlwatch-http.socket");
    EXPECT_EQ(socket_unit("control"), "nlwatch-control.socket");
    EXPECT_EQ(socket_unit("strem"), "");
}

TEST(StartedAsAUnit, OnlyIfItIsThisProcessThatTheManagerStarted) {
    ::setenv("SYSTEMD_EXEC_PID", std::to_string(::getpid()).c_str(), 1);
    EXPECT_TRUE(started_as_a_unit());
    ::setenv("SYSTEMD_EXEC_PID", "1", 1);
    EXPECT_FALSE(started_as_a_unit()) << "inherited by a shell in a service";
    ::unsetenv("SYSTEMD_EXEC_PID");
    EXPECT_FALSE(started_as_a_unit());
}
