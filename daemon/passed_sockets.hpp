// The listening sockets that systemd passes to the daemon (sd_listen_fds(3)), matched by name and never by
// order.
#pragma once
#include <sys/socket.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nlwatch {

// A descriptor that is closed with its owner.
class Descriptor {
public:
    Descriptor() = default;
    explicit Descriptor(int fd) : fd_(fd) {}
    Descriptor(Descriptor&& other) noexcept : fd_(other.release()) {}
    Descriptor& operator=(Descriptor&& other) noexcept;
    ~Descriptor();

    int get() const { return fd_; }
    int release() { return std::exchange(fd_, -1); }  // to the caller, who closes it

private:
    int fd_ = -1;
};

// A stream socket that listens, close-on-exec. Its file, mode and group are the socket unit's: they are
// neither changed nor removed here.
struct PassedSocket {
    Descriptor fd;
    std::string name;      // FileDescriptorName= of the socket unit: stream, http or control
    sa_family_t family{};  // AF_UNIX, AF_INET or AF_INET6
    std::string
        address;  // the path ('@' in front of an abstract one), or the IP address as it is written: ::1
    std::uint16_t port{};  // of an IP socket

    bool is_unix() const { return family == AF_UNIX; }
    std::string text() const;  // for people: "/run/nlwatch/http.sock", "127.0.0.1:9617", "[::1]:9617"
};

// What was passed and has not been taken yet. Moved, not copied: it owns the descriptors.
class PassedSockets {
public:
    PassedSockets() = default;  // nothing was passed

    // Takes all that was passed to this process, once, early in main and before there is a second thread: the
    // variables go from the environment, so no child takes them for its own. Nothing is passed where
    // $LISTEN_PID is another's. Throws Failure, with the socket and what to correct in its unit: a name that
    // the daemon does not know, something that is no listening stream socket, or an IP socket behind a door
    // that is for this machine only. `first`: the first descriptor, which sd_listen_fds(3) fixes at 3; for
    // tests.
    static PassedSockets from_environment(int first = 3);

    // The Unix socket of this name. A second one of the same name stays, for a second call.
    std::optional<PassedSocket> take_unix(std::string_view name);
    // The IP socket named `http` with exactly this address and port.
    std::optional<PassedSocket> take_ip(std::string_view address, std::uint16_t port);
    // What nothing in the configuration has asked for; an IP socket gets metrics and health.
    std::vector<PassedSocket> take_rest() { return std::exchange(sockets_, {}); }

    bool empty() const { return sockets_.empty(); }

private:
    std::vector<PassedSocket> sockets_;
};

// The shipped socket unit that passes this door, for messages: "stream" -> "nlwatch.socket". "" for an
// unknown name.
std::string_view socket_unit(std::string_view name);

// Whether the service manager itself started this process ($SYSTEMD_EXEC_PID, systemd.exec(5)): a door that
// was not passed and cannot be opened is then its socket unit's to open.
bool started_as_a_unit();

}  // namespace nlwatch
