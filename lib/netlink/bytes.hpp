// A view of bytes that the kernel wrote, and safe ways to read numbers out of it.
#pragma once
#include <cstddef>
#include <cstring>
#include <span>
#include <type_traits>

namespace nlwatch::netlink {

// Bytes of a receive buffer: valid until the next receive into it.
using Bytes = std::span<const std::byte>;

// Netlink aligns messages and attributes to 4 bytes (NLMSG_ALIGNTO, NLA_ALIGNTO).
constexpr std::size_t aligned(std::size_t length) { return (length + 3) & ~std::size_t{3}; }

// Copies a kernel structure or a number in host byte order from the start of `from`; false, and `to`
// untouched, if there are too few bytes. Netlink guarantees no alignment beyond 4, so nothing is read in
// place.
template <class T>
requires std::is_trivially_copyable_v<T>
bool copy(Bytes from, T& to) {
    if (from.size() < sizeof(T)) return false;
    std::memcpy(&to, from.data(), sizeof(T));
    return true;
}

}  // namespace nlwatch::netlink
