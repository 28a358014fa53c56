// A link-layer address: 6 bytes for Ethernet, 4 for an IPv4 tunnel, 20 for InfiniBand, 0 for a tun.
#pragma once
#include <array>
#include <cstdint>

#include "netlink/bytes.hpp"

namespace nlwatch::rtnl {

struct HardwareAddress {
    std::array<std::uint8_t, 32> bytes{};  // MAX_ADDR_LEN; behind `length` all zero
    std::uint8_t length{};

    // False, and untouched, if the kernel sent more than MAX_ADDR_LEN.
    bool assign(netlink::Bytes from) {
        if (from.size() > bytes.size()) return false;
        bytes = {};
        if (!from.empty()) std::memcpy(bytes.data(), from.data(), from.size());
        length = static_cast<std::uint8_t>(from.size());
        return true;
    }
    bool empty() const { return length == 0; }
    bool operator==(const HardwareAddress&) const = default;
};

}  // namespace nlwatch::rtnl
