// Kinds that the machine which captures fixtures lacks, from the tests' own encoder.
#include <linux/if_bonding.h>
#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <linux/if_vlan.h>
#include <linux/rtnetlink.h>

#include <map>

#include "decoded.hpp"
#include "support/encoder.hpp"

namespace nlwatch::rtnl {
namespace {

using test::ip;
using test::mac;

LinkInfo of_kind(const char* kind, LinkData data) {
    LinkInfo info;
    info.kind = kind;
    info.data = std::move(data);
    return info;
}
LinkInfo port_of(const char* kind, PortData data) {
    LinkInfo info;
    info.kind = "veth";
    info.port_kind = kind;
    info.port_data = std::move(data);
    return info;
}

Link there_and_back(const LinkInfo& info) {
    Link link;
    link.ifindex = 7;
    link.ifname = "x0";
    link.info = info;
    const Decoded decoded = test::decode_request(nlwatch::test::link_message(RTM_NEWLINK, link));
    const auto* update = std::get_if<Update>(&decoded);
    if (!update) {
        ADD_FAILURE() << "not an update";
        return {};
    }
    EXPECT_EQ(as_link(update->object)->info, info);
    return *as_link(update->object);
}

TEST(Vlan, HasItsTagAndMaps) {
    Vlan vlan;
    vlan.protocol = ETH_P_8021AD;
    vlan.id = 4094;
    vlan.flags = VLAN_FLAG_REORDER_HDR | VLAN_FLAG_GVRP;
    vlan.ingress_qos = {{1, 2}, {3, 4}};
    vlan.egress_qos = {{5, 6}};
    const Link link = there_and_back(of_kind("vlan", vlan));
    EXPECT_EQ(test::data_as<Vlan>(link.info.data).protocol, 0x88a8);
}

TEST(Vrf, HasItsTable) {
    there_and_back(of_kind("vrf", Vrf{.table = 1001}));
    there_and_back(port_of("vrf", VrfPort{.table = 1001}));
}

TEST(Bond, HasItsSettings) {
    Bond bond;
    bond.mode = BOND_MODE_8023AD;
    bond.active_slave = 3;
    bond.miimon = 100;
    bond.updelay = 200;
    bond.downdelay = 300;
    bond.peer_notify_delay = 400;
    bond.use_carrier = 1;
    bond.arp_interval = 500;
    bond.arp_ip_target = {ip("192.0.2.1"), ip("192.0.2.2")};
    bond.ns_ip6_target = {ip("2001:db8::1")};
    bond.arp_validate = 3;
    bond.arp_all_targets = 1;
    bond.missed_max = 2;
    bond.primary = 4;
    bond.primary_reselect = 2;
    bond.fail_over_mac = 1;
    bond.xmit_hash_policy = BOND_XMIT_POLICY_LAYER34;
    bond.resend_igmp = 5;
    bond.num_peer_notif = 6;
    bond.all_slaves_active = 1;
    bond.min_links = 7;
    bond.lp_interval = 8;
    bond.packets_per_slave = 9;
    bond.ad_lacp_active = 1;
    bond.ad_lacp_rate = 1;
    bond.ad_select = 2;
    bond.ad_info = BondAggregator{1, 2, 15, 16, mac({2, 0, 0, 0, 0, 9})};
    bond.tlb_dynamic_lb = 1;
    there_and_back(of_kind("bond", Boxed{bond}));
    there_and_back(of_kind("bond", Boxed{Bond{}}));
}

TEST(BondPort, HasItsState) {
    BondPort port;
    port.state = BOND_STATE_BACKUP;
    port.mii_status = BOND_LINK_DOWN;
    port.perm_hwaddr = mac({2, 0, 0, 0, 0, 7});
    port.queue_id = 12;
    port.prio = -5;
    port.ad_aggregator_id = 3;
    port.ad_actor_oper_port_state = 61;
    port.ad_partner_oper_port_state = 63;
    there_and_back(port_of("bond", Boxed{port}));
    there_and_back(port_of("bond", Boxed{BondPort{}}));
}

// The kind says what the data means, wherever it stands.
TEST(LinkInfo, MayTellItsKindLast) {
    netlink::Request request{RTM_NEWLINK, 0};
    ifinfomsg header{};
    header.ifi_index = 7;
    request.body(header).text(IFLA_IFNAME, "x0").nest(IFLA_LINKINFO);
    request.nest(IFLA_INFO_DATA).attribute(IFLA_VRF_TABLE, 10U).end().text(IFLA_INFO_KIND, "vrf").end();
    const Decoded decoded = test::decode_request(request);
    ASSERT_TRUE(std::holds_alternative<Update>(decoded));
    EXPECT_EQ(test::data_as<Vrf>(as_link(std::get<Update>(decoded).object)->info.data).table, 10U);
}

// No kernel does it; what is told last is told whole.
TEST(LinkInfo, ToldTwiceForgetsTheFirst) {
    netlink::Request request{RTM_NEWLINK, 0};
    ifinfomsg header{};
    header.ifi_index = 7;
    request.body(header).text(IFLA_IFNAME, "x0");
    request.nest(IFLA_LINKINFO).text(IFLA_INFO_KIND, "vrf").nest(IFLA_INFO_DATA).end().end();
    request.nest(IFLA_LINKINFO).text(IFLA_INFO_KIND, "veth").end();
    const Decoded decoded = test::decode_request(request);
    ASSERT_TRUE(std::holds_alternative<Update>(decoded));
    LinkInfo veth;
    veth.kind = "veth";
    EXPECT_EQ(as_link(std::get<Update>(decoded).object)->info, veth);
}

TEST(LinkInfo, IsMalformedWhereItsDataIs) {
    const std::map<const char*, std::uint16_t> known{{"bridge", IFLA_BR_FORWARD_DELAY},
                                                     {"bond", IFLA_BOND_MODE},
                                                     {"vxlan", IFLA_VXLAN_ID},
                                                     {"macvlan", IFLA_MACVLAN_MODE},
                                                     {"vlan", IFLA_VLAN_ID},
                                                     {"vrf", IFLA_VRF_TABLE},
                                                     {"tun", IFLA_TUN_TYPE}};
    for (const auto& [kind, attribute] : known) {
        netlink::Request request{RTM_NEWLINK, 0};
        ifinfomsg header{};
        header.ifi_index = 7;
        request.body(header).text(IFLA_IFNAME, "x0").nest(IFLA_LINKINFO).text(IFLA_INFO_KIND, kind);
        request.nest(IFLA_INFO_DATA).attribute(attribute, netlink::Bytes{}).end().end();
        EXPECT_TRUE(std::holds_alternative<Malformed>(test::decode_request(request))) << kind;
    }
}

}  // namespace
}  // namespace nlwatch::rtnl
