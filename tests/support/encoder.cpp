#include "support/encoder.hpp"

#include <arpa/inet.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>

namespace nlwatch::test {
namespace {

using netlink::Request;

template <class T>
void put(Request& request, std::uint16_t type, const std::optional<T>& value) {
    if (value) request.attribute(type, *value);
}
void put(Request& request, std::uint16_t type, const rtnl::HardwareAddress& address) {
    if (!address.empty())
        request.attribute(type, std::as_bytes(std::span{address.bytes}).first(address.length));
}
void put(Request& request, std::uint16_t type, const rtnl::IpAddress& address) {
    if (!address.empty())
        request.attribute(type,
                          std::as_bytes(std::span{address.bytes}).first(address.family == AF_INET ? 4 : 16));
}
void put(Request& request, std::uint16_t type, std::string_view text) {
    if (!text.empty()) request.text(type, text);
}
void put_big_endian(Request& request, std::uint16_t type, std::uint16_t value) {
    request.attribute(type, htons(value));
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
    put(request, IFLA_BOND_AD_ACTOR_SYS_PRIO, bond.ad_actor_sys_prio);
    put(request, IFLA_BOND_AD_USER_PORT_KEY, bond.ad_user_port_key);
    put(request, IFLA_BOND_AD_ACTOR_SYSTEM, bond.ad_actor_system);
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

void fill(Request& request, const rtnl::LinkData& data) {
    if (std::holds_alternative<std::monostate>(data)) return;
    request.nest(IFLA_INFO_DATA);
    if (const auto* vlan = std::get_if<rtnl::Vlan>(&data)) fill(request, *vlan);
    if (const auto* bond = std::get_if<rtnl::Boxed<rtnl::Bond>>(&data)) fill(request, **bond);
    if (const auto* vrf = std::get_if<rtnl::Vrf>(&data)) request.attribute(IFLA_VRF_TABLE, vrf->table);
    request.end();
}

void fill(Request& request, const rtnl::PortData& data) {
    if (std::holds_alternative<std::monostate>(data)) return;
    request.nest(IFLA_INFO_SLAVE_DATA);
    if (const auto* port = std::get_if<rtnl::Boxed<rtnl::BondPort>>(&data)) fill(request, **port);
    if (const auto* port = std::get_if<rtnl::VrfPort>(&data))
        request.attribute(IFLA_VRF_PORT_TABLE, port->table);
    request.end();
}

// rtnl_link_fill()
void fill(Request& request, const rtnl::LinkInfo& info) {
    if (info.kind.empty() && info.port_kind.empty()) return;
    request.nest(IFLA_LINKINFO);
    put(request, IFLA_INFO_KIND, info.kind.view());
    fill(request, info.data);
    put(request, IFLA_INFO_SLAVE_KIND, info.port_kind.view());
    fill(request, info.port_data);
    request.end();
}

}  // namespace

// rtnl_fill_ifinfo()
Request link_message(std::uint16_t type, const rtnl::Link& link, const rtnl::LinkNotes& notes) {
    Request request{type, 0};
    ifinfomsg header{};
    header.ifi_type = link.type;
    header.ifi_index = static_cast<int>(link.ifindex);
    header.ifi_flags = link.flags;
    request.body(header);
    put(request, IFLA_IFNAME, link.ifname.view());
    request.attribute(IFLA_TXQLEN, link.txqlen);
    request.attribute(IFLA_OPERSTATE, link.operstate);
    request.attribute(IFLA_LINKMODE, link.linkmode);
    request.attribute(IFLA_MTU, link.mtu);
    put(request, IFLA_MIN_MTU, link.min_mtu);
    put(request, IFLA_MAX_MTU, link.max_mtu);
    request.attribute(IFLA_GROUP, link.group);
    put(request, IFLA_NUM_TX_QUEUES, link.num_tx_queues);
    put(request, IFLA_GSO_MAX_SEGS, link.gso_max_segs);
    put(request, IFLA_GSO_MAX_SIZE, link.gso_max_size);
    put(request, IFLA_GRO_MAX_SIZE, link.gro_max_size);
    put(request, IFLA_TSO_MAX_SIZE, link.tso_max_size);
    put(request, IFLA_TSO_MAX_SEGS, link.tso_max_segs);
    put(request, IFLA_NUM_RX_QUEUES, link.num_rx_queues);
    if (link.master != 0) request.attribute(IFLA_MASTER, link.master);
    put(request, IFLA_QDISC, std::string_view{link.qdisc});
    put(request, IFLA_IFALIAS, std::string_view{link.alias});
    request.attribute(IFLA_CARRIER_UP_COUNT, notes.carrier_ups);
    request.attribute(IFLA_CARRIER_DOWN_COUNT, notes.carrier_downs);
    request.attribute(IFLA_PROTO_DOWN, link.proto_down);
    if (link.proto_down_reason != 0) {
        request.nest(IFLA_PROTO_DOWN_REASON);
        request.attribute(IFLA_PROTO_DOWN_REASON_VALUE, link.proto_down_reason);
        request.end();
    }
    put(request, IFLA_ADDRESS, link.address);
    put(request, IFLA_BROADCAST, link.broadcast);
    put(request, IFLA_PHYS_PORT_ID, link.phys_port_id);
    put(request, IFLA_PHYS_PORT_NAME, std::string_view{link.phys_port_name});
    put(request, IFLA_PHYS_SWITCH_ID, link.phys_switch_id);
    fill(request, link.info);
    put(request, IFLA_LINK, link.link);
    put(request, IFLA_LINK_NETNSID, link.link_netnsid);
    if (notes.moved_netns) request.attribute(IFLA_NEW_NETNSID, std::int32_t{0});
    if (notes.wireless) request.attribute(IFLA_WIRELESS, std::uint32_t{0});
    put(request, IFLA_PERM_ADDRESS, link.permanent_address);
    if (!link.altnames.empty()) {
        request.nest(IFLA_PROP_LIST);
        for (const std::string& name : link.altnames) request.text(IFLA_ALT_IFNAME, name);
        request.end();
    }
    put(request, IFLA_PARENT_DEV_NAME, std::string_view{link.parent_device});
    put(request, IFLA_PARENT_DEV_BUS_NAME, std::string_view{link.parent_bus});
    return request;
}

// inet_fill_ifaddr(), inet6_fill_ifaddr()
Request address_message(std::uint16_t type, const rtnl::Address& address) {
    Request request{type, 0};
    ifaddrmsg header{};
    header.ifa_family = address.family;
    header.ifa_prefixlen = address.prefixlen;
    header.ifa_flags = static_cast<std::uint8_t>(address.flags);
    header.ifa_scope = address.scope;
    header.ifa_index = address.ifindex;
    request.body(header);
    if (address.family == AF_INET || address.peer != address.local) put(request, IFA_LOCAL, address.local);
    put(request, IFA_ADDRESS, address.peer);
    put(request, IFA_BROADCAST, address.broadcast);
    put(request, IFA_LABEL, address.label.view());
    put(request, IFA_PROTO, address.protocol);
    request.attribute(IFA_FLAGS, address.flags);
    put(request, IFA_RT_PRIORITY, address.metric);
    return request;
}

std::vector<std::byte> datagram(std::initializer_list<Request> messages) {
    std::vector<std::byte> all;
    for (Request message : messages) {
        const netlink::Bytes bytes = message.bytes(0);
        all.insert(all.end(), bytes.begin(), bytes.end());
    }
    return all;
}

}  // namespace nlwatch::test
