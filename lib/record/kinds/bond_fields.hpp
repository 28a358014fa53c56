// The fields of a bond's and a bond port's data, as `ip -j -d link` has them.
#pragma once
#include "record/values.hpp"
#include "rtnl/kinds/bond.hpp"

namespace nlwatch::record {

template <class Visitor, class Data>
requires std::is_same_v<std::remove_const_t<Data>, rtnl::BondAggregator>
void visit_fields(Visitor& field, Data& aggregator) {
    field("aggregator", aggregator.aggregator);
    field("num_ports", aggregator.num_ports);
    field("actor_key", aggregator.actor_key);
    field("partner_key", aggregator.partner_key);
    field("partner_mac", aggregator.partner_mac);
}

template <class Visitor, class Data>
requires std::is_same_v<std::remove_const_t<Data>, rtnl::Bond>
void visit_fields(Visitor& field, Data& bond) {
    field("mode", Word{bond.mode, words::bond_mode});
    field("active_slave", LinkName{bond.active_slave});
    field("miimon", bond.miimon);
    field("updelay", bond.updelay);
    field("downdelay", bond.downdelay);
    field("peer_notify_delay", bond.peer_notify_delay);
    field("use_carrier", bond.use_carrier);
    field("arp_interval", bond.arp_interval);
    field("arp_missed_max", bond.missed_max);
    field("arp_ip_target", bond.arp_ip_target);
    field("ns_ip6_target", bond.ns_ip6_target);
    field("arp_validate", IfSet{Word{bond.arp_validate, words::bond_arp_validate}});
    field("arp_all_targets", Word{bond.arp_all_targets, words::bond_arp_all_targets});
    field("primary", LinkName{bond.primary});
    field("primary_reselect", Word{bond.primary_reselect, words::bond_primary_reselect});
    field("fail_over_mac", Word{bond.fail_over_mac, words::bond_fail_over_mac});
    field("xmit_hash_policy", Word{bond.xmit_hash_policy, words::bond_xmit_hash_policy});
    field("resend_igmp", bond.resend_igmp);
    field("num_peer_notif", bond.num_peer_notif);
    field("all_slaves_active", bond.all_slaves_active);
    field("min_links", bond.min_links);
    field("lp_interval", bond.lp_interval);
    field("packets_per_slave", bond.packets_per_slave);
    field("ad_lacp_active", Word{bond.ad_lacp_active, words::off_on});
    field("ad_lacp_rate", Word{bond.ad_lacp_rate, words::bond_lacp_rate});
    field("ad_select", Word{bond.ad_select, words::bond_ad_select});
    field("ad_info", bond.ad_info);
    field("tlb_dynamic_lb", bond.tlb_dynamic_lb);
}

template <class Visitor, class Data>
requires std::is_same_v<std::remove_const_t<Data>, rtnl::BondPort>
void visit_fields(Visitor& field, Data& port) {
    field("state", Word{port.state, words::bond_port_state});
    field("mii_status", Word{port.mii_status, words::bond_mii_status});
    field("perm_hwaddr", port.perm_hwaddr);
    field("queue_id", port.queue_id);
    field("prio", port.prio);
    field("ad_aggregator_id", port.ad_aggregator_id);
    field("ad_actor_oper_port_state", port.ad_actor_oper_port_state);
    field("ad_partner_oper_port_state", port.ad_partner_oper_port_state);
}

}  // namespace nlwatch::record
