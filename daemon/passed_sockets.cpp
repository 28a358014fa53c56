#include "passed_sockets.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <spdlog/fmt/fmt.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstdlib>
#include <cstring>

#include "failure.hpp"

namespace nlwatch {

namespace {

struct Door {
    std::string_view name, unit;
    bool over_ip;  // may be an IP socket
};
constexpr Door doors[] = {{"stream", "nlwatch.socket", false},
                          {"http", "nlwatch-http.socket", true},
                          {"control", "nlwatch-control.socket", false}};

const Door* door_named(std::string_view name) {
    const auto* found = std::ranges::find(doors, name, &Door::name);
    return found == std::end(doors) ? nullptr : found;
}

std::string take_variable(const char* name) {
    const char* value = std::getenv(name);
    std::string taken = value ? value : "";
    ::unsetenv(name);
    return taken;
}

// -1: no number.
int number_in(std::string_view text) {
    int number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && end == text.data() + text.size() && number >= 0 ? number : -1;
}

std::vector<std::string> names_in(std::string_view text) {
    std::vector<std::string> names;
    while (!text.empty()) {
        const std::size_t colon = text.find(':');
        names.emplace_back(text.substr(0, colon));
        text.remove_prefix(colon == text.npos ? text.size() : colon + 1);
    }
    return names;
}

[[noreturn]] void refuse(const std::string& what, std::string_view why, std::string_view what_to_do) {
    throw Failure{exit_code::configuration, fmt::format("systemd passed {}, {}: {}", what, why, what_to_do)};
}

int option(int fd, int name) {
    int value{};
    socklen_t length = sizeof value;
    return ::getsockopt(fd, SOL_SOCKET, name, &value, &length) == 0 ? value : -1;
}

std::string unix_address(const sockaddr_un& address, socklen_t length) {
    const std::size_t path = length - std::min<std::size_t>(length, offsetof(sockaddr_un, sun_path));
    std::string text{address.sun_path, path};
    if (!text.empty() && text.front() == '\0') {
        text.front() = '@';
        return text;
    }
    return text.substr(0, text.find('\0'));
}

std::string inet6_address(const sockaddr_in6& address) {
    char text[INET6_ADDRSTRLEN];
    std::string written = ::inet_ntop(AF_INET6, &address.sin6_addr, text, sizeof text);
    char name[IF_NAMESIZE];
    if (address.sin6_scope_id && ::if_indextoname(address.sin6_scope_id, name))
        written += fmt::format("%{}", name);
    return written;
}

void read_address(PassedSocket& socket) {
    sockaddr_storage storage{};
    socklen_t length = sizeof storage;
    if (::getsockname(socket.fd.get(), reinterpret_cast<sockaddr*>(&storage), &length) != 0) return;
    socket.family = storage.ss_family;
    // Copied, as what a sockaddr_storage holds is no object of these types to the compiler.
    if (socket.family == AF_UNIX) {
        sockaddr_un address{};
        std::memcpy(&address, &storage, sizeof address);
        socket.address = unix_address(address, length);
    } else if (socket.family == AF_INET) {
        sockaddr_in address{};
        std::memcpy(&address, &storage, sizeof address);
        char text[INET_ADDRSTRLEN];
        socket.address = ::inet_ntop(AF_INET, &address.sin_addr, text, sizeof text);
        socket.port = ntohs(address.sin_port);
    } else if (socket.family == AF_INET6) {
        sockaddr_in6 address{};
        std::memcpy(&address, &storage, sizeof address);
        socket.address = inet6_address(address);
        socket.port = ntohs(address.sin6_port);
    }
}

PassedSocket checked(Descriptor fd, const std::string& name) {
    const std::string what = fmt::format("descriptor {} as '{}'", fd.get(), name);
    struct stat status {};
    if (::fstat(fd.get(), &status) != 0 || ::fcntl(fd.get(), F_SETFD, FD_CLOEXEC) != 0)
        throw Failure{
            exit_code::failure,
            fmt::format("{} was announced ($LISTEN_FDS) but is not there: {}; start the daemon by its unit",
                        what, std::strerror(errno))};
    if (!S_ISSOCK(status.st_mode))
        refuse(what, "which is not a socket", "its socket unit may only have ListenStream=");
    if (option(fd.get(), SO_TYPE) != SOCK_STREAM)
        refuse(what, "which is not a stream socket", "its socket unit may only have ListenStream=");
    if (option(fd.get(), SO_ACCEPTCONN) != 1)
        refuse(what, "which does not listen", "its socket unit must not have Accept=yes");

    PassedSocket socket{.fd = std::move(fd), .name = name, .address = {}};
    read_address(socket);
    if (socket.family != AF_UNIX && socket.family != AF_INET && socket.family != AF_INET6)
        refuse(what, fmt::format("a socket of address family {}", socket.family),
               "its socket unit may listen on a path or on an IP address");
    const Door* door = door_named(name);
    if (!door)
        refuse(fmt::format("the socket {} as '{}'", socket.text(), name), "a name that nlwatch does not know",
               "FileDescriptorName= in its socket unit must be stream, http or control");
    if (!socket.is_unix() && !door->over_ip)
        refuse(fmt::format("the socket {} as '{}'", socket.text(), name),
               "a door that is for this machine only",
               fmt::format("ListenStream= in {} must be a path", door->unit));
    return socket;
}

template <class Matches>
std::optional<PassedSocket> take(std::vector<PassedSocket>& sockets, Matches&& matches) {
    const auto found = std::ranges::find_if(sockets, matches);
    if (found == sockets.end()) return std::nullopt;
    std::optional<PassedSocket> taken{std::move(*found)};
    sockets.erase(found);
    return taken;
}

}  // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
}

Descriptor::~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
}

std::string PassedSocket::text() const {
    if (is_unix()) return address;
    return family == AF_INET6 ? fmt::format("[{}]:{}", address, port) : fmt::format("{}:{}", address, port);
}

PassedSockets PassedSockets::from_environment(int first) {
    const std::string pid = take_variable("LISTEN_PID"), count = take_variable("LISTEN_FDS");
    std::vector<std::string> names = names_in(take_variable("LISTEN_FDNAMES"));
    ::unsetenv("LISTEN_PIDFDID");  // since systemd 259, beside LISTEN_PID

    PassedSockets passed;
    if (number_in(pid) != ::getpid()) return passed;
    const int sockets = number_in(count);
    if (sockets < 0)
        throw Failure{exit_code::failure,
                      fmt::format("LISTEN_FDS='{}' is not a number; start the daemon by its unit", count)};
    // Without FileDescriptorName= the manager itself says the unit's name, and "unknown" if it knows none.
    names.resize(static_cast<std::size_t>(sockets), "unknown");
    // All are owned before the first is refused.
    std::vector<Descriptor> descriptors;
    for (int i = 0; i < sockets; ++i) descriptors.emplace_back(first + i);
    for (int i = 0; i < sockets; ++i)
        passed.sockets_.push_back(
            checked(std::move(descriptors[static_cast<std::size_t>(i)]), names[static_cast<std::size_t>(i)]));
    return passed;
}

std::optional<PassedSocket> PassedSockets::take_unix(std::string_view name) {
    return take(sockets_,
                [&](const PassedSocket& socket) { return socket.is_unix() && socket.name == name; });
}

std::optional<PassedSocket> PassedSockets::take_ip(std::string_view address, std::uint16_t port) {
    return take(sockets_, [&](const PassedSocket& socket) {
        return !socket.is_unix() && socket.address == address && socket.port == port;
    });
}

std::string_view socket_unit(std::string_view name) {
    const Door* door = door_named(name);
    return door ? door->unit : std::string_view{};
}

bool started_as_a_unit() {
    const char* pid = std::getenv("SYSTEMD_EXEC_PID");
    return pid && number_in(pid) == ::getpid();
}

}  // namespace nlwatch
