// A bridge, and a link that is a port of one: IFLA_BR_* and IFLA_BRPORT_* of <linux/if_link.h>.
#pragma once
#include <array>
#include <cstdint>
#include <optional>

#include "netlink/attribute.hpp"
#include "rtnl/hardware_address.hpp"

namespace nlwatch::rtnl {

// struct ifla_bridge_id: who a bridge is in the spanning tree.
struct BridgeId {
    std::uint16_t priority{};
    std::array<std::uint8_t, 6> address{};

    bool operator==(const BridgeId&) const = default;
};

// Spans are in clock ticks of USER_HZ, which is 1/100 s on every architecture but alpha. Without the timers
// that run and the flags that tell of a passing moment: hello, tcn, topology_change and gc timer,
// topology_change, topology_change_detected. What a kernel may be built without (VLAN filtering, IGMP
// snooping, netfilter) is optional, and so is what is newer.
struct Bridge {
    std::uint32_t forward_delay{}, hello_time{}, max_age{}, ageing_time{};  // ticks
    std::uint32_t stp_state{};  // 0 off, 1 the kernel's, 2 a user's program
    std::uint16_t priority{};
    std::uint8_t vlan_filtering{};
    std::optional<std::uint16_t> vlan_protocol;  // ETH_P_8021Q or ETH_P_8021AD, host byte order
    BridgeId bridge_id, root_id;
    std::uint16_t root_port{};  // number of a port; 0 = this bridge is the root
    std::uint32_t root_path_cost{};
    std::optional<std::uint16_t> vlan_default_pvid;  // 0 = none
    std::optional<bool> vlan_stats_enabled, vlan_stats_per_port;
    std::uint16_t group_fwd_mask{};
    HardwareAddress group_addr;
    std::optional<bool> no_linklocal_learn,
        mcast_vlan_snooping;  // IFLA_BR_MULTI_BOOLOPT; since Linux 5.0, 5.15
    std::optional<std::uint8_t> mcast_snooping, mcast_router, mcast_query_use_ifaddr, mcast_querier;
    std::optional<std::uint32_t> mcast_hash_elasticity, mcast_hash_max;
    std::optional<std::uint32_t> mcast_last_member_cnt, mcast_startup_query_cnt;
    std::optional<std::uint64_t> mcast_last_member_intvl, mcast_membership_intvl,
        mcast_querier_intvl;  // ticks
    std::optional<std::uint64_t> mcast_query_intvl, mcast_query_response_intvl,
        mcast_startup_query_intvl;  // ticks
    std::optional<bool> mcast_stats_enabled;
    std::optional<std::uint8_t> mcast_igmp_version, mcast_mld_version;
    std::optional<std::uint8_t> nf_call_iptables, nf_call_ip6tables, nf_call_arptables;

    bool operator==(const Bridge&) const = default;
};

// Without message_age, forward_delay and hold timer, topology_change_ack, config_pending, and the counts of
// EHT hosts.
struct BridgePort {
    std::uint8_t state{};  // BR_STATE_* of <linux/if_bridge.h>
    std::uint16_t priority{};
    std::uint32_t cost{};
    bool mode{};     // hairpin
    bool guard{};    // BPDU guard
    bool protect{};  // root block
    bool fast_leave{};
    std::optional<bool> learning, unicast_flood;
    std::uint16_t id{}, no{};  // identifier in the spanning tree, and its lower bits
    std::uint16_t designated_port{}, designated_cost{};
    BridgeId bridge_id, root_id;  // IFLA_BRPORT_BRIDGE_ID: the designated bridge
    std::optional<bool> proxyarp, proxyarp_wifi;
    std::optional<std::uint8_t> multicast_router;
    std::optional<bool> mcast_flood, bcast_flood, mcast_to_ucast, neigh_suppress;
    std::optional<std::uint16_t> group_fwd_mask;
    std::optional<bool> vlan_tunnel, isolated;
    std::optional<bool> locked;   // since Linux 5.18
    std::uint32_t backup_port{};  // ifindex; 0 = none

    bool operator==(const BridgePort&) const = default;
};

// False, and the target half-filled, if the nest is malformed. Unknown attributes are skipped.
bool decode(const netlink::Attribute& nest, Bridge&);
bool decode(const netlink::Attribute& nest, BridgePort&);

}  // namespace nlwatch::rtnl
