// An IPv4 or IPv6 address, in network byte order as the kernel sends it.
#pragma once
#include <sys/socket.h>

#include <array>
#include <compare>
#include <cstdint>

#include "netlink/bytes.hpp"

namespace nlwatch::rtnl {

struct IpAddress {
    std::array<std::uint8_t, 16> bytes{};  // an IPv4 address in the first four, the rest zero
    std::uint8_t family{AF_UNSPEC};        // AF_INET, AF_INET6; AF_UNSPEC = none

    // Takes 4 bytes as IPv4, 16 as IPv6; false, and untouched, for any other length.
    bool assign(netlink::Bytes from) {
        if (from.size() != 4 && from.size() != 16) return false;
        bytes = {};
        std::memcpy(bytes.data(), from.data(), from.size());
        family = from.size() == 4 ? AF_INET : AF_INET6;
        return true;
    }
    bool empty() const { return family == AF_UNSPEC; }
    auto operator<=>(const IpAddress&) const = default;
};

}  // namespace nlwatch::rtnl
