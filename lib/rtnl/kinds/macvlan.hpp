// A macvlan or macvtap: IFLA_MACVLAN_* of <linux/if_link.h>.
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "netlink/attribute.hpp"
#include "rtnl/hardware_address.hpp"

namespace nlwatch::rtnl {

struct Macvlan {
    std::uint32_t mode{};                        // MACVLAN_MODE_*
    std::uint16_t flags{};                       // MACVLAN_FLAG_*
    std::vector<HardwareAddress> macaddr_data;   // mode source: who may send; in the kernel's order
    std::optional<std::uint32_t> macaddr_count;  // how many
    std::optional<std::uint32_t> bc_queue_len;   // packets; asked for here. Since Linux 5.11
    // The largest bc_queue_len of all macvlans on the link below, which is what counts. Another's changes it
    // without a message.
    std::optional<std::uint32_t> bc_queue_len_used;

    bool operator==(const Macvlan&) const = default;
};

// False, and the target half-filled, if the nest is malformed. Unknown attributes are skipped.
bool decode(const netlink::Attribute& nest, Macvlan&);

}  // namespace nlwatch::rtnl
