// Each kind's data as iproute2 asked for it.
#include <linux/if_bridge.h>
#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <linux/if_tun.h>

#include "decoded.hpp"

namespace nlwatch::rtnl {
namespace {

using test::boxed_data_as;
using test::data_as;
using test::ip;
using test::last_link;
using test::mac;

TEST(Bridge, HasItsSettings) {
    const Link link = last_link("bridge_add", "br0");
    EXPECT_EQ(link.info.kind, "bridge");
    const Bridge bridge = boxed_data_as<Bridge>(link.info.data);
    EXPECT_EQ(bridge.forward_delay, 300U);
    EXPECT_EQ(bridge.hello_time, 200U);
    EXPECT_EQ(bridge.max_age, 2000U);
    EXPECT_EQ(bridge.ageing_time, 6000U);
    EXPECT_EQ(bridge.stp_state, 1U);
    EXPECT_EQ(bridge.priority, 4096);
    EXPECT_EQ(bridge.bridge_id, (BridgeId{0x1000, {2, 0, 0, 0, 0, 0x10}}));
    EXPECT_EQ(bridge.root_id, bridge.bridge_id);
    EXPECT_EQ(bridge.root_port, 0);
    EXPECT_EQ(bridge.root_path_cost, 0U);
    EXPECT_EQ(bridge.vlan_filtering, 0);
    EXPECT_FALSE(bridge.vlan_protocol) << "this kernel is built without";
    EXPECT_EQ(bridge.group_fwd_mask, 8);
    EXPECT_EQ(bridge.group_addr, mac({1, 0x80, 0xc2, 0, 0, 0}));
    EXPECT_EQ(bridge.no_linklocal_learn, false);
    EXPECT_EQ(bridge.mcast_vlan_snooping, false);
    EXPECT_EQ(bridge.mcast_snooping, 1);
    EXPECT_EQ(bridge.mcast_router, 1);
    EXPECT_EQ(bridge.mcast_query_use_ifaddr, 0);
    EXPECT_EQ(bridge.mcast_querier, 0);
    EXPECT_EQ(bridge.mcast_hash_elasticity, 16U);
    EXPECT_EQ(bridge.mcast_hash_max, 4096U);
    EXPECT_EQ(bridge.mcast_last_member_cnt, 2U);
    EXPECT_EQ(bridge.mcast_startup_query_cnt, 2U);
    EXPECT_EQ(bridge.mcast_last_member_intvl, 100U);
    EXPECT_EQ(bridge.mcast_membership_intvl, 26000U);
    EXPECT_EQ(bridge.mcast_querier_intvl, 25500U);
    EXPECT_EQ(bridge.mcast_query_intvl, 5000U);
    EXPECT_EQ(bridge.mcast_query_response_intvl, 1000U);
    EXPECT_EQ(bridge.mcast_stats_enabled, false);
    EXPECT_EQ(bridge.mcast_igmp_version, 2);
    EXPECT_EQ(bridge.mcast_mld_version, 1);
    EXPECT_EQ(bridge.nf_call_iptables, 0);
}

// Its timers run between the two messages.
TEST(Bridge, DoesNotChangeWithItsTimers) {
    EXPECT_EQ(boxed_data_as<Bridge>(last_link("bridge_up", "br0").info.data),
              boxed_data_as<Bridge>(last_link("dump_links", "br0").info.data));
}

TEST(BridgePort, HasItsSettings) {
    const Link link = last_link("bridge_port_flags", "va");
    EXPECT_EQ(link.master, last_link("bridge_add", "br0").ifindex);
    EXPECT_EQ(link.info.kind, "veth");
    EXPECT_EQ(link.info.port_kind, "bridge");
    const BridgePort port = boxed_data_as<BridgePort>(link.info.port_data);
    EXPECT_EQ(port.state, BR_STATE_DISABLED);
    EXPECT_EQ(port.priority, 9);
    EXPECT_EQ(port.cost, 7U);
    EXPECT_TRUE(port.mode);
    EXPECT_TRUE(port.guard);
    EXPECT_FALSE(port.protect);
    EXPECT_FALSE(port.fast_leave);
    EXPECT_EQ(port.learning, false);
    EXPECT_EQ(port.unicast_flood, true);
    EXPECT_EQ(port.no, 1);
    EXPECT_EQ(port.id, 9 << 10 | 1) << "the priority stands above the number";
    EXPECT_EQ(port.designated_port, port.id);
    EXPECT_EQ(port.bridge_id.priority, 0x1000);
    EXPECT_EQ(port.root_id, port.bridge_id);
    EXPECT_EQ(port.proxyarp, false);
    EXPECT_EQ(port.proxyarp_wifi, false);
    EXPECT_EQ(port.multicast_router, 1);
    EXPECT_EQ(port.mcast_flood, true);
    EXPECT_EQ(port.bcast_flood, true);
    EXPECT_EQ(port.mcast_to_ucast, true);
    EXPECT_EQ(port.neigh_suppress, false);
    EXPECT_EQ(port.group_fwd_mask, 0);
    EXPECT_EQ(port.vlan_tunnel, false);
    EXPECT_EQ(port.isolated, true);
    EXPECT_EQ(port.locked, false);
    EXPECT_EQ(port.backup_port, 0U);
}

TEST(BridgePort, NamesItsBackup) {
    const BridgePort port = boxed_data_as<BridgePort>(last_link("vxlan_backup_port", "va").info.port_data);
    EXPECT_EQ(port.backup_port, last_link("vxlan_backup_port", "vx9").ifindex);
}

TEST(BridgePort, LeavesNothingBehind) {
    const Link link = last_link("bridge_port_remove", "va");
    EXPECT_EQ(link.master, 0U);
    EXPECT_TRUE(link.info.port_kind.empty());
    EXPECT_TRUE(std::holds_alternative<std::monostate>(link.info.port_data));
}

TEST(Macvlan, HasItsModeAndQueue) {
    const Link link = last_link("macvlan_add", "mv0");
    EXPECT_EQ(link.info.kind, "macvlan");
    EXPECT_EQ(link.link, last_link("veth_add", "vb").ifindex);
    const Macvlan macvlan = data_as<Macvlan>(link.info.data);
    EXPECT_EQ(macvlan.mode, MACVLAN_MODE_BRIDGE);
    EXPECT_EQ(macvlan.flags, 0);
    EXPECT_EQ(macvlan.bc_queue_len, 500U);
    EXPECT_EQ(macvlan.bc_queue_len_used, 500U);
    EXPECT_EQ(data_as<Macvlan>(last_link("dump_links", "mv0").info.data).bc_queue_len_used, 1000U)
        << "mv1 asked for more";
}

TEST(Macvlan, ListsItsSources) {
    const Macvlan macvlan = data_as<Macvlan>(last_link("dump_links", "mv1").info.data);
    EXPECT_EQ(macvlan.mode, MACVLAN_MODE_SOURCE);
    EXPECT_EQ(macvlan.macaddr_count, 2U);
    EXPECT_EQ(macvlan.macaddr_data, (std::vector{mac({2, 0, 0, 0, 0, 0xaa}), mac({2, 0, 0, 0, 0, 0xbb})}));
}

TEST(Macvlan, ServesMacvtapToo) {
    const Link link = last_link("macvtap_add", "mt0");
    EXPECT_EQ(link.info.kind, "macvtap");
    EXPECT_EQ(data_as<Macvlan>(link.info.data).mode, MACVLAN_MODE_VEPA);
}

TEST(Vxlan, OverIpv4) {
    const Vxlan vxlan = boxed_data_as<Vxlan>(last_link("vxlan_inet_add", "vx4").info.data);
    EXPECT_EQ(vxlan.id, 42U);
    EXPECT_EQ(vxlan.group, ip("192.0.2.99"));
    EXPECT_EQ(vxlan.local, ip("192.0.2.2"));
    EXPECT_EQ(vxlan.link, last_link("veth_add", "va").ifindex);
    EXPECT_EQ(vxlan.port, 4789);
    EXPECT_EQ(vxlan.port_low, 1000);
    EXPECT_EQ(vxlan.port_high, 2000);
    EXPECT_EQ(vxlan.tos, 0x16) << "iproute2 takes it as hexadecimal";
    EXPECT_EQ(vxlan.ttl, 7);
    EXPECT_EQ(vxlan.ttl_inherit, false);
    EXPECT_EQ(vxlan.df, VXLAN_DF_SET);
    EXPECT_FALSE(vxlan.learning);
    EXPECT_EQ(vxlan.ageing, 60U);
    EXPECT_EQ(vxlan.limit, 500U);
    EXPECT_EQ(vxlan.udp_csum, true);
    EXPECT_FALSE(vxlan.collect_metadata || vxlan.gbp || vxlan.gpe || vxlan.proxy);
}

TEST(Vxlan, OverIpv6) {
    const Vxlan vxlan = boxed_data_as<Vxlan>(last_link("vxlan_inet6_add", "vx6").info.data);
    EXPECT_EQ(vxlan.id, 43U);
    EXPECT_EQ(vxlan.group, ip("ff02::1234"));
    EXPECT_TRUE(vxlan.local.empty());
    EXPECT_EQ(vxlan.port, 8472);
    EXPECT_EQ(vxlan.label, 0x12345U);
    EXPECT_TRUE(vxlan.learning && vxlan.proxy && vxlan.rsc && vxlan.l2miss && vxlan.l3miss && vxlan.gbp);
    EXPECT_EQ(vxlan.udp_zero_csum6_tx, true);
    EXPECT_EQ(vxlan.udp_zero_csum6_rx, false);
    EXPECT_EQ(vxlan.limit, 0U);
}

TEST(Vxlan, OfAnExternalControlPlane) {
    const Vxlan vxlan = boxed_data_as<Vxlan>(last_link("vxlan_external_add", "vxe").info.data);
    EXPECT_TRUE(vxlan.collect_metadata);
    EXPECT_EQ(vxlan.vnifilter, true);
    EXPECT_EQ(vxlan.id, 0U);
    EXPECT_TRUE(vxlan.group.empty());
    EXPECT_EQ(vxlan.link, 0U);
    EXPECT_EQ(vxlan.port, 4790);
}

TEST(Tun, IsATap) {
    const Link link = last_link("tap_add", "tap0");
    EXPECT_EQ(link.info.kind, "tun");
    const Tun tun = data_as<Tun>(last_link("dump_links", "tap0").info.data);
    EXPECT_EQ(tun.type, IFF_TAP);
    EXPECT_FALSE(tun.pi || tun.vnet_hdr);
    EXPECT_TRUE(tun.multi_queue);
    EXPECT_TRUE(tun.persist);
    EXPECT_EQ(tun.num_queues, 0U);
    EXPECT_EQ(tun.num_disabled_queues, 0U);
}

TEST(Tun, IsATun) {
    const Link link = last_link("dump_links", "tun0");
    EXPECT_TRUE(link.address.empty()) << "nothing below IP";
    const Tun tun = data_as<Tun>(link.info.data);
    EXPECT_EQ(tun.type, IFF_TUN);
    EXPECT_TRUE(tun.pi && tun.vnet_hdr);
    EXPECT_FALSE(tun.multi_queue);
}

TEST(LinkInfo, KnowsAKindWithoutItsData) {
    const Link link = last_link("ifb_add", "ifb9");
    EXPECT_EQ(link.info.kind, "ifb");
    EXPECT_TRUE(std::holds_alternative<std::monostate>(link.info.data));
}

}  // namespace
}  // namespace nlwatch::rtnl
