// How the tests' encoder writes one attribute: what is absent is left out, as the kernel leaves it out.
#pragma once
#include <array>
#include <concepts>
#include <optional>

#include "netlink/request.hpp"
#include "rtnl/hardware_address.hpp"
#include "rtnl/ip_address.hpp"

namespace nlwatch::test {

template <class T>
void put(netlink::Request& request, std::uint16_t type, const std::optional<T>& value) {
    if (value) request.attribute(type, *value);
}
inline void put(netlink::Request& request, std::uint16_t type, const rtnl::HardwareAddress& address) {
    if (!address.empty())
        request.attribute(type, std::as_bytes(std::span{address.bytes}).first(address.length));
}
inline void put(netlink::Request& request, std::uint16_t type, const rtnl::IpAddress& address) {
    if (!address.empty())
        request.attribute(type,
                          std::as_bytes(std::span{address.bytes}).first(address.family == AF_INET ? 4 : 16));
}
inline void put(netlink::Request& request, std::uint16_t type, std::string_view text) {
    if (!text.empty()) request.text(type, text);
}
template <std::unsigned_integral T>
void put_big_endian(netlink::Request& request, std::uint16_t type, T value) {
    std::array<std::uint8_t, sizeof(T)> bytes;
    std::uint64_t rest = value;
    for (auto byte = bytes.rbegin(); byte != bytes.rend(); ++byte, rest >>= 8)
        *byte = static_cast<std::uint8_t>(rest);
    request.attribute(type, bytes);
}

}  // namespace nlwatch::test
