// A bonding device, and a link that is a port of one: IFLA_BOND_* and IFLA_BOND_SLAVE_* of <linux/if_link.h>.
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "netlink/attribute.hpp"
#include "rtnl/hardware_address.hpp"
#include "rtnl/ip_address.hpp"

namespace nlwatch::rtnl {

// IFLA_BOND_AD_INFO: the active aggregator of mode 802.3ad.
struct BondAggregator {
    std::uint16_t aggregator{};  // id
    std::uint16_t num_ports{};
    std::uint16_t actor_key{}, partner_key{};
    HardwareAddress partner_mac;

    bool operator==(const BondAggregator&) const = default;
};

// Numbers that stand for words are the kernel's own (BOND_MODE_* of <linux/if_bonding.h> and the tables of
// the driver). Without IFLA_BOND_AD_ACTOR_SYS_PRIO, _AD_USER_PORT_KEY and _AD_ACTOR_SYSTEM: whether a message
// has them depends on the rights of whoever made the kernel build it (bond_fill_info()), so that the events
// that others cause and our own dumps never agree.
struct Bond {
    std::uint8_t mode{};                             // BOND_MODE_*
    std::uint32_t active_slave{};                    // ifindex; 0 = none, or a mode that has none
    std::uint32_t miimon{};                          // ms
    std::uint32_t updelay{};                         // ms
    std::uint32_t downdelay{};                       // ms
    std::optional<std::uint32_t> peer_notify_delay;  // ms; since Linux 5.3
    std::uint8_t use_carrier{};
    std::uint32_t arp_interval{};            // ms
    std::vector<IpAddress> arp_ip_target;    // IPv4, in the kernel's order
    std::vector<IpAddress> ns_ip6_target;    // IPv6, in the kernel's order; since Linux 5.18
    std::uint32_t arp_validate{};            // BOND_ARP_VALIDATE_*, as bits and filters
    std::uint32_t arp_all_targets{};         // 0 any, 1 all
    std::optional<std::uint8_t> missed_max;  // since Linux 5.17
    std::uint32_t primary{};                 // ifindex; 0 = none
    std::uint8_t primary_reselect{};         // 0 always, 1 better, 2 failure
    std::uint8_t fail_over_mac{};            // 0 none, 1 active, 2 follow
    std::uint8_t xmit_hash_policy{};         // BOND_XMIT_POLICY_*
    std::uint32_t resend_igmp{};
    std::uint8_t num_peer_notif{};
    std::uint8_t all_slaves_active{};
    std::uint32_t min_links{};
    std::uint32_t lp_interval{};  // s
    std::uint32_t packets_per_slave{};
    std::optional<std::uint8_t> ad_lacp_active;  // since Linux 5.15
    std::uint8_t ad_lacp_rate{};                 // 0 slow, 1 fast
    std::uint8_t ad_select{};                    // 0 stable, 1 bandwidth, 2 count, …
    std::optional<BondAggregator> ad_info;       // in mode 802.3ad
    std::optional<std::uint8_t> tlb_dynamic_lb;  // since Linux 4.4

    bool operator==(const Bond&) const = default;
};

// Without IFLA_BOND_SLAVE_LINK_FAILURE_COUNT: a counter.
struct BondPort {
    std::uint8_t state{};       // BOND_STATE_ACTIVE, BOND_STATE_BACKUP
    std::uint8_t mii_status{};  // BOND_LINK_*
    HardwareAddress perm_hwaddr;
    std::uint16_t queue_id{};
    std::optional<std::int32_t> prio;                         // since Linux 6.0
    std::optional<std::uint16_t> ad_aggregator_id;            // the rest: in mode 802.3ad
    std::optional<std::uint8_t> ad_actor_oper_port_state;     // LACP_STATE_* bits of <linux/if_bonding.h>
    std::optional<std::uint16_t> ad_partner_oper_port_state;  // likewise

    bool operator==(const BondPort&) const = default;
};

// False, and the target half-filled, if the nest is malformed. Unknown attributes are skipped.
bool decode(const netlink::Attribute& nest, Bond&);
bool decode(const netlink::Attribute& nest, BondPort&);

}  // namespace nlwatch::rtnl
