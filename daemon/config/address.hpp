// Where to listen: an IP address and a port, as people write them.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace nlwatch::config {

struct SocketAddress {
    std::string ip;        // as inet_ntop(3) writes it
    std::uint16_t port{};  // 0: one that the kernel chooses
    bool loopback{};       // 127.0.0.0/8 or ::1

    bool operator==(const SocketAddress&) const = default;
};

// "127.0.0.1:9617", "[::1]:9617". Else what is wrong, and what would be right.
std::variant<SocketAddress, std::string> parse_address(std::string_view);

}  // namespace nlwatch::config
