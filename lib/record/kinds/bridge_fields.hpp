// The fields of a bridge's and a bridge port's data, as `ip -j -d link` has them.
#pragma once
#include "record/values.hpp"
#include "rtnl/kinds/bridge.hpp"

namespace nlwatch::record {

template <class Visitor, class Data>
requires std::is_same_v<std::remove_const_t<Data>, rtnl::Bridge>
void visit_fields(Visitor& field, Data& bridge) {
    field("forward_delay", bridge.forward_delay);
    field("hello_time", bridge.hello_time);
    field("max_age", bridge.max_age);
    field("ageing_time", bridge.ageing_time);
    field("stp_state", bridge.stp_state);
    field("priority", bridge.priority);
    field("vlan_filtering", bridge.vlan_filtering);
    field("vlan_protocol", Word{bridge.vlan_protocol, words::ethertype});
    field("bridge_id", BridgeIdText{bridge.bridge_id});
    field("root_id", BridgeIdText{bridge.root_id});
    field("root_port", bridge.root_port);
    field("root_path_cost", bridge.root_path_cost);
    field("vlan_default_pvid", bridge.vlan_default_pvid);
    field("vlan_stats_enabled", FlagNumber{bridge.vlan_stats_enabled});
    field("vlan_stats_per_port", FlagNumber{bridge.vlan_stats_per_port});
    field("group_fwd_mask", HexNumber{bridge.group_fwd_mask});
    field("group_addr", bridge.group_addr);
    field("mcast_snooping", bridge.mcast_snooping);
    field("no_linklocal_learn", FlagNumber{bridge.no_linklocal_learn});
    field("mcast_vlan_snooping", FlagNumber{bridge.mcast_vlan_snooping});
    field("mcast_router", bridge.mcast_router);
    field("mcast_query_use_ifaddr", bridge.mcast_query_use_ifaddr);
    field("mcast_querier", bridge.mcast_querier);
    field("mcast_hash_elasticity", bridge.mcast_hash_elasticity);
    field("mcast_hash_max", bridge.mcast_hash_max);
    field("mcast_last_member_cnt", bridge.mcast_last_member_cnt);
    field("mcast_startup_query_cnt", bridge.mcast_startup_query_cnt);
    field("mcast_last_member_intvl", bridge.mcast_last_member_intvl);
    field("mcast_membership_intvl", bridge.mcast_membership_intvl);
    field("mcast_querier_intvl", bridge.mcast_querier_intvl);
    field("mcast_query_intvl", bridge.mcast_query_intvl);
    field("mcast_query_response_intvl", bridge.mcast_query_response_intvl);
    field("mcast_startup_query_intvl", bridge.mcast_startup_query_intvl);
    field("mcast_stats_enabled", FlagNumber{bridge.mcast_stats_enabled});
    field("mcast_igmp_version", bridge.mcast_igmp_version);
    field("mcast_mld_version", bridge.mcast_mld_version);
    field("nf_call_iptables", bridge.nf_call_iptables);
    field("nf_call_ip6tables", bridge.nf_call_ip6tables);
    field("nf_call_arptables", bridge.nf_call_arptables);
}

template <class Visitor, class Data>
requires std::is_same_v<std::remove_const_t<Data>, rtnl::BridgePort>
void visit_fields(Visitor& field, Data& port) {
    field("state", Word{port.state, words::port_state});
    field("priority", port.priority);
    field("cost", port.cost);
    field("hairpin", port.mode);
    field("guard", port.guard);
    field("root_block", port.protect);
    field("fastleave", port.fast_leave);
    field("learning", port.learning);
    field("flood", port.unicast_flood);
    field("id", HexNumber{port.id});
    field("no", HexNumber{port.no});
    field("designated_port", port.designated_port);
    field("designated_cost", port.designated_cost);
    field("bridge_id", BridgeIdText{port.bridge_id});
    field("root_id", BridgeIdText{port.root_id});
    field("proxy_arp", port.proxyarp);
    field("proxy_arp_wifi", port.proxyarp_wifi);
    field("multicast_router", port.multicast_router);
    field("mcast_flood", port.mcast_flood);
    field("bcast_flood", port.bcast_flood);
    field("mcast_to_unicast", port.mcast_to_ucast);
    field("neigh_suppress", port.neigh_suppress);
    field("group_fwd_mask", HexNumber{port.group_fwd_mask});
    field("vlan_tunnel", port.vlan_tunnel);
    field("isolated", port.isolated);
    field("locked", port.locked);
    field("backup_port", LinkName{port.backup_port});
}

}  // namespace nlwatch::record
