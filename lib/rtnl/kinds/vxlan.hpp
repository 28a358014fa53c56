// A VXLAN tunnel: IFLA_VXLAN_* of <linux/if_link.h>.
#pragma once
#include <cstdint>
#include <optional>

#include "netlink/attribute.hpp"
#include "rtnl/ip_address.hpp"

namespace nlwatch::rtnl {

struct Vxlan {
    std::uint32_t id{};    // VNI; 0 where collect_metadata
    IpAddress group;       // IFLA_VXLAN_GROUP, …GROUP6: multicast group or remote; empty = none
    IpAddress local;       // IFLA_VXLAN_LOCAL, …LOCAL6: source; empty = by route
    std::uint32_t link{};  // ifindex that it sends through; 0 = by route
    std::uint16_t port{};  // UDP, destination; host byte order
    std::uint16_t port_low{},
        port_high{};     // IFLA_VXLAN_PORT_RANGE: UDP, source; host byte order; 0 = the host's range
    std::uint8_t tos{};  // 0 none, 1 inherit
    std::uint8_t ttl{};  // 0 auto
    std::optional<bool> ttl_inherit;  // since Linux 4.18; then ttl means nothing
    std::optional<std::uint8_t> df;   // VXLAN_DF_*; since Linux 4.20
    std::uint32_t label{};            // IPv6 flow label, host byte order
    std::uint32_t ageing{};           // s; 0 = entries stay
    std::uint32_t limit{};            // most entries learnt; 0 = any number
    bool learning{}, proxy{}, rsc{}, l2miss{}, l3miss{};
    bool collect_metadata{};        // "external": each packet's route says where to
    std::optional<bool> vnifilter;  // since Linux 5.18
    std::optional<bool> udp_csum, udp_zero_csum6_tx, udp_zero_csum6_rx;
    bool remcsum_tx{}, remcsum_rx{};
    bool gbp{}, gpe{};  // flags without payload

    bool operator==(const Vxlan&) const = default;
};

// False, and the target half-filled, if the nest is malformed. Unknown attributes are skipped.
bool decode(const netlink::Attribute& nest, Vxlan&);

}  // namespace nlwatch::rtnl
