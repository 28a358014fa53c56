// A VLAN on a link: IFLA_VLAN_* of <linux/if_link.h>.
#pragma once
#include <cstdint>
#include <vector>

#include "netlink/attribute.hpp"

namespace nlwatch::rtnl {

// struct ifla_vlan_qos_mapping: between a packet's priority and the tag's.
struct VlanPriority {
    std::uint32_t from{}, to{};

    bool operator==(const VlanPriority&) const = default;
};

struct Vlan {
    std::uint16_t protocol{0x8100};  // ETH_P_8021Q or ETH_P_8021AD, host byte order
    std::uint16_t id{};
    std::uint32_t flags{};                              // VLAN_FLAG_* of <linux/if_vlan.h>
    std::vector<VlanPriority> ingress_qos, egress_qos;  // in the kernel's order

    bool operator==(const Vlan&) const = default;
};

// False, and the target half-filled, if the nest is malformed. Unknown attributes are skipped.
bool decode(const netlink::Attribute& nest, Vlan&);

}  // namespace nlwatch::rtnl
