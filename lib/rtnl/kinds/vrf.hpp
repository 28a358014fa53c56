// A VRF, and a link that is a port of one: IFLA_VRF_* and IFLA_VRF_PORT_* of <linux/if_link.h>.
#pragma once
#include <cstdint>

#include "netlink/attribute.hpp"

namespace nlwatch::rtnl {

struct Vrf {
    std::uint32_t table{};  // routing table

    bool operator==(const Vrf&) const = default;
};
struct VrfPort {
    std::uint32_t table{};  // of its VRF

    bool operator==(const VrfPort&) const = default;
};

// False, and the target half-filled, if the nest is malformed. Unknown attributes are skipped.
bool decode(const netlink::Attribute& nest, Vrf&);
bool decode(const netlink::Attribute& nest, VrfPort&);

}  // namespace nlwatch::rtnl
