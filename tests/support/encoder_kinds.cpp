#include "support/encoder_kinds.hpp"

#include <linux/if_bridge.h>
#include <linux/if_link.h>

#include <algorithm>

#include "support/encoder_put.hpp"

namespace nlwatch::test {
namespace {

using netlink::Request;

void put_id(Request& request, std::uint16_t type, const rtnl::BridgeId& id) {
    ifla_bridge_id raw{};
    raw.prio[0] = static_cast<std::uint8_t>(id.priority >> 8);
    raw.prio[1] = static_cast<std::uint8_t>(id.priority);
    std::copy(id.address.begin(), id.address.end(), raw.addr);
    request.attribute(type, raw);
}

void put_targets(Request& request, std::uint16_t type, const std::vector<rtnl::IpAddress>& targets) {
    if (targets.empty()) return;
    request.nest(type);
    for (std::uint16_t position = 0; const auto& target : targets) put(request, position++, target);
    request.end();
}

void put_map(Request& request, std::uint16_t type, const std::vector<rtnl::VlanPriority>& map) {
    if (map.empty()) return;
    request.nest(type);
    for (const auto& [from, to] : map)
        request.attribute(IFLA_VLAN_QOS_MAPPING, ifla_vlan_qos_mapping{.from = from, .to = to});
    request.end();
}

// vlan_fill_info()
void fill(Request& request, const rtnl::Vlan& vlan) {
    put_big_endian(request, IFLA_VLAN_PROTOCOL, vlan.protocol);
    request.attribute(IFLA_VLAN_ID, vlan.id);
    request.attribute(IFLA_VLAN_FLAGS, ifla_vlan_flags{.flags = vlan.flags, .mask = ~0U});
    put_map(request, IFLA_VLAN_INGRESS_QOS, vlan.ingress_qos);
    put_map(request, IFLA_VLAN_EGRESS_QOS, vlan.egress_qos);
}

// bond_fill_info()
void fill(Request& request, const rtnl::Bond& bond) {
    request.attribute(IFLA_BOND_MODE, bond.mode);
    if (bond.active_slave != 0) request.attribute(IFLA_BOND_ACTIVE_SLAVE, bond.active_slave);
    request.attribute(IFLA_BOND_MIIMON, bond.miimon);
    request.attribute(IFLA_BOND_UPDELAY, bond.updelay);
    request.attribute(IFLA_BOND_DOWNDELAY, bond.downdelay);
    put(request, IFLA_BOND_PEER_NOTIF_DELAY, bond.peer_notify_delay);
    request.attribute(IFLA_BOND_USE_CARRIER, bond.use_carrier);
    request.attribute(IFLA_BOND_ARP_INTERVAL, bond.arp_interval);
    put_targets(request, IFLA_BOND_ARP_IP_TARGET, bond.arp_ip_target);
    request.attribute(IFLA_BOND_ARP_VALIDATE, bond.arp_validate);
    request.attribute(IFLA_BOND_ARP_ALL_TARGETS, bond.arp_all_targets);
    put_targets(request, IFLA_BOND_NS_IP6_TARGET, bond.ns_ip6_target);
    if (bond.primary != 0) request.attribute(IFLA_BOND_PRIMARY, bond.primary);
    request.attribute(IFLA_BOND_PRIMARY_RESELECT, bond.primary_reselect);
    request.attribute(IFLA_BOND_FAIL_OVER_MAC, bond.fail_over_mac);
    request.attribute(IFLA_BOND_XMIT_HASH_POLICY, bond.xmit_hash_policy);
    request.attribute(IFLA_BOND_RESEND_IGMP, bond.resend_igmp);
    request.attribute(IFLA_BOND_NUM_PEER_NOTIF, bond.num_peer_notif);
    request.attribute(IFLA_BOND_ALL_SLAVES_ACTIVE, bond.all_slaves_active);
    request.attribute(IFLA_BOND_MIN_LINKS, bond.min_links);
    request.attribute(IFLA_BOND_LP_INTERVAL, bond.lp_interval);
    request.attribute(IFLA_BOND_PACKETS_PER_SLAVE, bond.packets_per_slave);
    put(request, IFLA_BOND_AD_LACP_ACTIVE, bond.ad_lacp_active);
    request.attribute(IFLA_BOND_AD_LACP_RATE, bond.ad_lacp_rate);
    request.attribute(IFLA_BOND_AD_SELECT, bond.ad_select);
    put(request, IFLA_BOND_TLB_DYNAMIC_LB, bond.tlb_dynamic_lb);
    put(request, IFLA_BOND_MISSED_MAX, bond.missed_max);
    if (!bond.ad_info) return;
    request.nest(IFLA_BOND_AD_INFO);
    request.attribute(IFLA_BOND_AD_INFO_AGGREGATOR, bond.ad_info->aggregator);
    request.attribute(IFLA_BOND_AD_INFO_NUM_PORTS, bond.ad_info->num_ports);
    request.attribute(IFLA_BOND_AD_INFO_ACTOR_KEY, bond.ad_info->actor_key);
    request.attribute(IFLA_BOND_AD_INFO_PARTNER_KEY, bond.ad_info->partner_key);
    put(request, IFLA_BOND_AD_INFO_PARTNER_MAC, bond.ad_info->partner_mac);
    request.end();
}

// bond_fill_slave_info(), with a counter that is not state
void fill(Request& request, const rtnl::BondPort& port) {
    request.attribute(IFLA_BOND_SLAVE_STATE, port.state);
    request.attribute(IFLA_BOND_SLAVE_MII_STATUS, port.mii_status);
    request.attribute(IFLA_BOND_SLAVE_LINK_FAILURE_COUNT, std::uint32_t{3});
    put(request, IFLA_BOND_SLAVE_PERM_HWADDR, port.perm_hwaddr);
    request.attribute(IFLA_BOND_SLAVE_QUEUE_ID, port.queue_id);
    put(request, IFLA_BOND_SLAVE_PRIO, port.prio);
    put(request, IFLA_BOND_SLAVE_AD_AGGREGATOR_ID, port.ad_aggregator_id);
    put(request, IFLA_BOND_SLAVE_AD_ACTOR_OPER_PORT_STATE, port.ad_actor_oper_port_state);
    put(request, IFLA_BOND_SLAVE_AD_PARTNER_OPER_PORT_STATE, port.ad_partner_oper_port_state);
}

// br_fill_info(). Both switches or none: the kernel has them in one attribute.
void fill(Request& request, const rtnl::Bridge& bridge) {
    request.attribute(IFLA_BR_FORWARD_DELAY, bridge.forward_delay);
    request.attribute(IFLA_BR_HELLO_TIME, bridge.hello_time);
    request.attribute(IFLA_BR_MAX_AGE, bridge.max_age);
    request.attribute(IFLA_BR_AGEING_TIME, bridge.ageing_time);
    request.attribute(IFLA_BR_STP_STATE, bridge.stp_state);
    request.attribute(IFLA_BR_PRIORITY, bridge.priority);
    request.attribute(IFLA_BR_VLAN_FILTERING, bridge.vlan_filtering);
    request.attribute(IFLA_BR_GROUP_FWD_MASK, bridge.group_fwd_mask);
    put_id(request, IFLA_BR_BRIDGE_ID, bridge.bridge_id);
    put_id(request, IFLA_BR_ROOT_ID, bridge.root_id);
    request.attribute(IFLA_BR_ROOT_PORT, bridge.root_port);
    request.attribute(IFLA_BR_ROOT_PATH_COST, bridge.root_path_cost);
    put(request, IFLA_BR_GROUP_ADDR, bridge.group_addr);
    if (bridge.no_linklocal_learn && bridge.mcast_vlan_snooping) {
        br_boolopt_multi switches{};
        switches.optmask = 1 << BR_BOOLOPT_NO_LL_LEARN | 1 << BR_BOOLOPT_MCAST_VLAN_SNOOPING;
        switches.optval = static_cast<std::uint32_t>(*bridge.no_linklocal_learn) << BR_BOOLOPT_NO_LL_LEARN |
                          static_cast<std::uint32_t>(*bridge.mcast_vlan_snooping)
                              << BR_BOOLOPT_MCAST_VLAN_SNOOPING;
        request.attribute(IFLA_BR_MULTI_BOOLOPT, switches);
    }
    if (bridge.vlan_protocol) put_big_endian(request, IFLA_BR_VLAN_PROTOCOL, *bridge.vlan_protocol);
    put(request, IFLA_BR_VLAN_DEFAULT_PVID, bridge.vlan_default_pvid);
    put(request, IFLA_BR_VLAN_STATS_ENABLED, bridge.vlan_stats_enabled);
    put(request, IFLA_BR_VLAN_STATS_PER_PORT, bridge.vlan_stats_per_port);
    put(request, IFLA_BR_MCAST_ROUTER, bridge.mcast_router);
    put(request, IFLA_BR_MCAST_SNOOPING, bridge.mcast_snooping);
    put(request, IFLA_BR_MCAST_QUERY_USE_IFADDR, bridge.mcast_query_use_ifaddr);
    put(request, IFLA_BR_MCAST_QUERIER, bridge.mcast_querier);
    put(request, IFLA_BR_MCAST_STATS_ENABLED, bridge.mcast_stats_enabled);
    put(request, IFLA_BR_MCAST_HASH_ELASTICITY, bridge.mcast_hash_elasticity);
    put(request, IFLA_BR_MCAST_HASH_MAX, bridge.mcast_hash_max);
    put(request, IFLA_BR_MCAST_LAST_MEMBER_CNT, bridge.mcast_last_member_cnt);
    put(request, IFLA_BR_MCAST_STARTUP_QUERY_CNT, bridge.mcast_startup_query_cnt);
    put(request, IFLA_BR_MCAST_IGMP_VERSION, bridge.mcast_igmp_version);
    put(request, IFLA_BR_MCAST_MLD_VERSION, bridge.mcast_mld_version);
    put(request, IFLA_BR_MCAST_LAST_MEMBER_INTVL, bridge.mcast_last_member_intvl);
    put(request, IFLA_BR_MCAST_MEMBERSHIP_INTVL, bridge.mcast_membership_intvl);
    put(request, IFLA_BR_MCAST_QUERIER_INTVL, bridge.mcast_querier_intvl);
    put(request, IFLA_BR_MCAST_QUERY_INTVL, bridge.mcast_query_intvl);
    put(request, IFLA_BR_MCAST_QUERY_RESPONSE_INTVL, bridge.mcast_query_response_intvl);
    put(request, IFLA_BR_MCAST_STARTUP_QUERY_INTVL, bridge.mcast_startup_query_intvl);
    put(request, IFLA_BR_NF_CALL_IPTABLES, bridge.nf_call_iptables);
    put(request, IFLA_BR_NF_CALL_IP6TABLES, bridge.nf_call_ip6tables);
    put(request, IFLA_BR_NF_CALL_ARPTABLES, bridge.nf_call_arptables);
}

// br_port_fill_attrs()
void fill(Request& request, const rtnl::BridgePort& port) {
    request.attribute(IFLA_BRPORT_STATE, port.state);
    request.attribute(IFLA_BRPORT_PRIORITY, port.priority);
    request.attribute(IFLA_BRPORT_COST, port.cost);
    request.attribute(IFLA_BRPORT_MODE, port.mode);
    request.attribute(IFLA_BRPORT_GUARD, port.guard);
    request.attribute(IFLA_BRPORT_PROTECT, port.protect);
    request.attribute(IFLA_BRPORT_FAST_LEAVE, port.fast_leave);
    put(request, IFLA_BRPORT_MCAST_TO_UCAST, port.mcast_to_ucast);
    put(request, IFLA_BRPORT_LEARNING, port.learning);
    put(request, IFLA_BRPORT_UNICAST_FLOOD, port.unicast_flood);
    put(request, IFLA_BRPORT_MCAST_FLOOD, port.mcast_flood);
    put(request, IFLA_BRPORT_BCAST_FLOOD, port.bcast_flood);
    put(request, IFLA_BRPORT_PROXYARP, port.proxyarp);
    put(request, IFLA_BRPORT_PROXYARP_WIFI, port.proxyarp_wifi);
    put_id(request, IFLA_BRPORT_ROOT_ID, port.root_id);
    put_id(request, IFLA_BRPORT_BRIDGE_ID, port.bridge_id);
    request.attribute(IFLA_BRPORT_DESIGNATED_PORT, port.designated_port);
    request.attribute(IFLA_BRPORT_DESIGNATED_COST, port.designated_cost);
    request.attribute(IFLA_BRPORT_ID, port.id);
    request.attribute(IFLA_BRPORT_NO, port.no);
    put(request, IFLA_BRPORT_VLAN_TUNNEL, port.vlan_tunnel);
    put(request, IFLA_BRPORT_GROUP_FWD_MASK, port.group_fwd_mask);
    put(request, IFLA_BRPORT_NEIGH_SUPPRESS, port.neigh_suppress);
    put(request, IFLA_BRPORT_ISOLATED, port.isolated);
    put(request, IFLA_BRPORT_LOCKED, port.locked);
    put(request, IFLA_BRPORT_MULTICAST_ROUTER, port.multicast_router);
    if (port.backup_port != 0) request.attribute(IFLA_BRPORT_BACKUP_PORT, port.backup_port);
}

// vxlan_fill_info()
void fill(Request& request, const rtnl::Vxlan& vxlan) {
    const auto flag = [&](std::uint16_t type, bool set) {
        if (set) request.attribute(type, netlink::Bytes{});
    };
    request.attribute(IFLA_VXLAN_ID, vxlan.id);
    put(request, vxlan.group.family == AF_INET ? IFLA_VXLAN_GROUP : IFLA_VXLAN_GROUP6, vxlan.group);
    if (vxlan.link != 0) request.attribute(IFLA_VXLAN_LINK, vxlan.link);
    put(request, vxlan.local.family == AF_INET ? IFLA_VXLAN_LOCAL : IFLA_VXLAN_LOCAL6, vxlan.local);
    request.attribute(IFLA_VXLAN_TTL, vxlan.ttl);
    put(request, IFLA_VXLAN_TTL_INHERIT, vxlan.ttl_inherit);
    request.attribute(IFLA_VXLAN_TOS, vxlan.tos);
    put(request, IFLA_VXLAN_DF, vxlan.df);
    put_big_endian(request, IFLA_VXLAN_LABEL, vxlan.label);
    request.attribute(IFLA_VXLAN_LEARNING, vxlan.learning);
    request.attribute(IFLA_VXLAN_PROXY, vxlan.proxy);
    request.attribute(IFLA_VXLAN_RSC, vxlan.rsc);
    request.attribute(IFLA_VXLAN_L2MISS, vxlan.l2miss);
    request.attribute(IFLA_VXLAN_L3MISS, vxlan.l3miss);
    request.attribute(IFLA_VXLAN_COLLECT_METADATA, vxlan.collect_metadata);
    request.attribute(IFLA_VXLAN_AGEING, vxlan.ageing);
    request.attribute(IFLA_VXLAN_LIMIT, vxlan.limit);
    put_big_endian(request, IFLA_VXLAN_PORT, vxlan.port);
    put(request, IFLA_VXLAN_UDP_CSUM, vxlan.udp_csum);
    put(request, IFLA_VXLAN_UDP_ZERO_CSUM6_TX, vxlan.udp_zero_csum6_tx);
    put(request, IFLA_VXLAN_UDP_ZERO_CSUM6_RX, vxlan.udp_zero_csum6_rx);
    request.attribute(IFLA_VXLAN_REMCSUM_TX, vxlan.remcsum_tx);
    request.attribute(IFLA_VXLAN_REMCSUM_RX, vxlan.remcsum_rx);
    put_big_endian(request, IFLA_VXLAN_PORT_RANGE,
                   static_cast<std::uint32_t>(vxlan.port_low << 16 | vxlan.port_high));
    flag(IFLA_VXLAN_GBP, vxlan.gbp);
    flag(IFLA_VXLAN_GPE, vxlan.gpe);
    put(request, IFLA_VXLAN_VNIFILTER, vxlan.vnifilter);
}

// macvlan_fill_info()
void fill(Request& request, const rtnl::Macvlan& macvlan) {
    request.attribute(IFLA_MACVLAN_MODE, macvlan.mode);
    request.attribute(IFLA_MACVLAN_FLAGS, macvlan.flags);
    put(request, IFLA_MACVLAN_MACADDR_COUNT, macvlan.macaddr_count);
    if (!macvlan.macaddr_data.empty()) {
        request.nest(IFLA_MACVLAN_MACADDR_DATA);
        for (const rtnl::HardwareAddress& source : macvlan.macaddr_data)
            request.attribute(IFLA_MACVLAN_MACADDR,
                              std::as_bytes(std::span{source.bytes}).first(source.length));
        request.end();
    }
    put(request, IFLA_MACVLAN_BC_QUEUE_LEN, macvlan.bc_queue_len);
    put(request, IFLA_MACVLAN_BC_QUEUE_LEN_USED, macvlan.bc_queue_len_used);
}

// tun_fill_info()
void fill(Request& request, const rtnl::Tun& tun) {
    request.attribute(IFLA_TUN_TYPE, tun.type);
    request.attribute(IFLA_TUN_PI, tun.pi);
    request.attribute(IFLA_TUN_VNET_HDR, tun.vnet_hdr);
    request.attribute(IFLA_TUN_PERSIST, tun.persist);
    request.attribute(IFLA_TUN_MULTI_QUEUE, tun.multi_queue);
    put(request, IFLA_TUN_NUM_QUEUES, tun.num_queues);
    put(request, IFLA_TUN_NUM_DISABLED_QUEUES, tun.num_disabled_queues);
}

void fill(Request& request, const rtnl::Vrf& vrf) { request.attribute(IFLA_VRF_TABLE, vrf.table); }
void fill(Request& request, const rtnl::VrfPort& port) { request.attribute(IFLA_VRF_PORT_TABLE, port.table); }

void fill(Request&, std::monostate) {}
template <class T>
void fill(Request& request, const rtnl::Boxed<T>& data) {
    fill(request, *data);
}

template <class Data>
void fill_nest(Request& request, std::uint16_t type, const Data& data) {
    if (std::holds_alternative<std::monostate>(data)) return;
    request.nest(type);
    std::visit([&](const auto& known) { fill(request, known); }, data);
    request.end();
}

}  // namespace

void fill_data(Request& request, const rtnl::LinkData& data) { fill_nest(request, IFLA_INFO_DATA, data); }
void fill_port_data(Request& request, const rtnl::PortData& data) {
    fill_nest(request, IFLA_INFO_SLAVE_DATA, data);
}

}  // namespace nlwatch::test
