// What one rtnetlink message says: an object, its identity, and whether it is there or gone.
#pragma once
#include <array>
#include <compare>
#include <cstdint>
#include <variant>

#include "rtnl/address.hpp"
#include "rtnl/boxed.hpp"
#include "rtnl/link.hpp"

namespace nlwatch::rtnl {

enum class Kind : std::uint8_t { link, address };  // in the order of dumps, and of the alternatives of Object
inline constexpr std::size_t kinds = 2;

using Object = std::variant<Boxed<Link>, Address>;

enum class Gone : std::uint8_t {
    no,  // it is there
    deleted,
    moved_netns,   // a link that lives on in another network namespace (IFLA_NEW_NETNSID)
    link_removed,  // an address that went with its link; no message says so
};

// The kernel's identity of an object: what makes two messages speak of the same one. Names are attributes.
// Ordered so that a link stands before all that is on it.
struct Key {
    std::uint32_t ifindex{};
    Kind kind{};
    std::uint8_t family{};     // AF_INET, AF_INET6; 0 for links
    std::uint8_t prefixlen{};  // IPv4 only: in IPv6 one local address is one object
    std::array<std::uint8_t, 16> local{};
    std::array<std::uint8_t, 16> peer{};  // IPv4 only (IFA_ADDRESS): two may differ in nothing else

    auto operator<=>(const Key&) const = default;
};

Key key_of(const Link&);
Key key_of(const Address&);
constexpr Key link_key(std::uint32_t ifindex) { return Key{.ifindex = ifindex, .kind = Kind::link}; }

struct Update {
    Key key;
    Object object;  // where `gone`: what the kernel's farewell said, which may be less than was known
    Gone gone{};
    std::uint32_t carrier_ups{}, carrier_downs{};  // links: IFLA_CARRIER_UP_COUNT, …DOWN_COUNT; not state
};

inline const Link* as_link(const Object& object) {
    const auto* link = std::get_if<Boxed<Link>>(&object);
    return link ? &**link : nullptr;
}
inline const Address* as_address(const Object& object) { return std::get_if<Address>(&object); }

}  // namespace nlwatch::rtnl
