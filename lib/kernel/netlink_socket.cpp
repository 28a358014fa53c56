#include "kernel/netlink_socket.hpp"

#include <linux/netlink.h>
#include <sys/socket.h>

#include <cerrno>
#include <system_error>

namespace nlwatch::kernel {

void throw_errno(const std::string& what) { throw std::system_error(errno, std::generic_category(), what); }

int open_netlink_socket() {
    const int fd = ::socket(AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, NETLINK_ROUTE);
    if (fd < 0) throw_errno("cannot open a netlink socket");
    return fd;
}

void set_option(int fd, int level, int option, int value, const char* what) {
    if (::setsockopt(fd, level, option, &value, sizeof value) < 0) throw_errno(what);
}

}  // namespace nlwatch::kernel
