// Records what the kernel sends in this network namespace, as a fixture on standard output:
//
//     capture events COMMAND...      the events of links and addresses that the command (for sh -c) makes
//     capture links                  a dump of all links
//     capture addresses inet|inet6   a dump of all addresses of a family
//     capture answer NAME            to one of the requests below
//
// tests/fixtures/capture.sh runs it, in namespaces of its own.
#include <linux/rtnetlink.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <stdexcept>
#include <system_error>

#include "netlink/ext_ack.hpp"
#include "netlink/request.hpp"
#include "support/fixture.hpp"

namespace nlwatch::test {
namespace {

class Socket {
public:
    Socket() : fd_(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE)) {
        check(fd_, "socket");
        sockaddr_nl here{};
        here.nl_family = AF_NETLINK;
        check(bind(fd_, reinterpret_cast<const sockaddr*>(&here), sizeof here), "bind");
    }
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;
    ~Socket() { close(fd_); }

    void set(int option, int value) {
        check(setsockopt(fd_, SOL_NETLINK, option, &value, sizeof value), "setsockopt");
    }
    void send(netlink::Bytes request) {
        check(static_cast<int>(::send(fd_, request.data(), request.size(), 0)), "send");
    }
    // Nothing if nothing is queued and `flags` has MSG_DONTWAIT.
    std::optional<Datagram> receive(int flags = 0) {
        Datagram buffer(std::size_t{1} << 17);
        const ssize_t size = recv(fd_, buffer.data(), buffer.size(), flags | MSG_TRUNC);
        if (size < 0 && errno == EAGAIN) return std::nullopt;
        check(static_cast<int>(size), "recv");
        if (static_cast<std::size_t>(size) > buffer.size()) throw std::runtime_error("a datagram was cut");
        buffer.resize(static_cast<std::size_t>(size));
        return buffer;
    }

private:
    static void check(int result, const char* what) {
        if (result < 0) throw std::system_error(errno, std::generic_category(), what);
    }
    int fd_;
};

void print_heading(const std::string& command) {
    utsname kernel{};
    uname(&kernel);
    const std::string release{kernel.release};
    std::cout << "# " << command << "\n# " << kernel.sysname << ' ' << release.substr(0, release.find('-'))
              << ' ' << kernel.machine << "\n\n";
}

// Until the answer's last message.
void print_answer(Socket& socket) {
    for (bool ended = false; !ended;) {
        const auto datagram = socket.receive();
        std::cout << to_paragraph(*datagram);
        netlink::MessageReader messages{*datagram};
        while (const auto message = messages.next()) ended |= netlink::acknowledgement(*message).has_value();
    }
}

void capture_events(const std::string& command) {
    Socket events;
    for (const int group : {RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR})
        events.set(NETLINK_ADD_MEMBERSHIP, group);
    if (std::system(command.c_str()) != 0) throw std::runtime_error("failed: " + command);
    print_heading(command);
    // An event is queued before the command's own answer is, so all are here.
    while (const auto datagram = events.receive(MSG_DONTWAIT)) std::cout << to_paragraph(*datagram);
}

netlink::Request dump_links() {
    return netlink::Request{RTM_GETLINK, NLM_F_DUMP}
        .body(ifinfomsg{})
        .attribute(IFLA_EXT_MASK, std::uint32_t{RTEXT_FILTER_SKIP_STATS});
}

netlink::Request dump_addresses(std::uint8_t family, std::uint32_t ifindex = 0, std::uint8_t scope = 0) {
    ifaddrmsg header{};
    header.ifa_family = family;
    header.ifa_index = ifindex;
    header.ifa_scope = scope;
    return netlink::Request{RTM_GETADDR, NLM_F_DUMP}.body(header);
}

netlink::Request change_lo() {
    ifinfomsg header{};
    header.ifi_index = 1;
    return netlink::Request{RTM_NEWLINK, NLM_F_ACK}.body(header);
}

void print_answer(const std::string& command, netlink::Request request, bool capped) {
    Socket socket;
    socket.set(NETLINK_GET_STRICT_CHK, 1);
    socket.set(NETLINK_EXT_ACK, 1);
    socket.set(NETLINK_CAP_ACK, capped ? 1 : 0);
    print_heading(command);
    socket.send(request.bytes(1));
    print_answer(socket);
}

void capture_answer(const std::string& name) {
    if (name == "acknowledged")
        print_answer("RTM_NEWLINK of lo that changes nothing", change_lo(), true);
    else if (name == "refused_capped")
        print_answer("RTM_NEWLINK of lo, IFLA_MTU 4294967295", change_lo().attribute(IFLA_MTU, ~0U), true);
    else if (name == "refused_whole")
        print_answer("RTM_NEWLINK of lo, IFLA_MTU 4294967295, without NETLINK_CAP_ACK",
                     change_lo().attribute(IFLA_MTU, ~0U), false);
    else if (name == "refused_attribute")
        print_answer("RTM_NEWLINK of lo, behind IFLA_GROUP an IFLA_MTU of one byte",
                     change_lo().attribute(IFLA_GROUP, 0U).attribute(IFLA_MTU, std::uint8_t{1}), true);
    else if (name == "refused_dump")
        print_answer("dump of RTM_GETADDR with a scope, which strict checking refuses",
                     dump_addresses(AF_INET, 0, RT_SCOPE_LINK), true);
    else if (name == "vanished")
        print_answer("dump of RTM_GETADDR of ifindex 999, which is not there", dump_addresses(AF_INET, 999),
                     true);
    else
        throw std::runtime_error("no such request: " + name);
}

int run(const std::vector<std::string>& words) {
    const auto is = [&](const char* verb, std::size_t count) {
        return words.size() == count && words[0] == verb;
    };
    if (is("events", 2))
        capture_events(words[1]);
    else if (is("links", 1))
        print_answer("dump of RTM_GETLINK, RTEXT_FILTER_SKIP_STATS", dump_links(), true);
    else if (is("addresses", 2))
        print_answer("dump of RTM_GETADDR, " + words[1],
                     dump_addresses(words[1] == "inet6" ? AF_INET6 : AF_INET), true);
    else if (is("answer", 2))
        capture_answer(words[1]);
    else
        return std::cerr << "usage: capture events COMMAND | links | addresses FAMILY | answer NAME\n", 64;
    return 0;
}

}  // namespace
}  // namespace nlwatch::test

int main(int count, char** words) try {
    return nlwatch::test::run({words + 1, words + count});
} catch (const std::exception& error) {
    std::cerr << "capture: " << error.what() << '\n';
    return 1;
}
