// What both netlink sockets are opened with.
#pragma once
#include <cstdint>
#include <string>

namespace nlwatch::kernel {

// A NETLINK_ROUTE socket, non-blocking and close-on-exec. Throws std::system_error.
int open_netlink_socket();

// setsockopt(2) of an int. Throws std::system_error that carries `what`.
void set_option(int fd, int level, int option, int value, const char* what);

[[noreturn]] void throw_errno(const std::string& what);

}  // namespace nlwatch::kernel
