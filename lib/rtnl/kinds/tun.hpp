// A tun or tap device, both of kind "tun": IFLA_TUN_* of <linux/if_link.h>.
#pragma once
#include <cstdint>
#include <optional>

#include "netlink/attribute.hpp"

namespace nlwatch::rtnl {

// Without IFLA_TUN_OWNER and IFLA_TUN_GROUP: they are numbers in the user namespace of whoever made the
// kernel build the message (tun_fill_info()), so that events and our own dumps need not agree.
struct Tun {
    std::uint8_t type{};  // IFF_TUN, IFF_TAP of <linux/if_tun.h>
    bool pi{};            // packets carry struct tun_pi
    bool vnet_hdr{};
    bool persist{};
    bool multi_queue{};
    std::optional<std::uint32_t> num_queues, num_disabled_queues;  // of multi_queue

    bool operator==(const Tun&) const = default;
};

// False, and the target half-filled, if the nest is malformed. Unknown attributes are skipped.
bool decode(const netlink::Attribute& nest, Tun&);

}  // namespace nlwatch::rtnl
