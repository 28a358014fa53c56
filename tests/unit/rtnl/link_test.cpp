#include "rtnl/link.hpp"

#include <linux/if.h>
#include <linux/if_arp.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include "decoded.hpp"
#include "support/encoder.hpp"

namespace nlwatch::rtnl {
namespace {

using test::last_link;
using test::mac;
using test::updates;

TEST(Link, OfLoopback) {
    const Link lo = last_link("lo_up", "lo");
    EXPECT_EQ(lo.ifindex, 1U);
    EXPECT_EQ(lo.type, ARPHRD_LOOPBACK);
    EXPECT_EQ(lo.flags, IFF_UP | IFF_LOOPBACK | IFF_RUNNING | IFF_LOWER_UP);
    EXPECT_TRUE(lo.carrier());
    EXPECT_EQ(lo.mtu, 65536U);
    EXPECT_EQ(lo.operstate, IF_OPER_UNKNOWN);
    EXPECT_EQ(lo.qdisc, "noqueue");
    EXPECT_EQ(lo.address, mac({0, 0, 0, 0, 0, 0}));
    EXPECT_TRUE(lo.info.kind.empty());
    EXPECT_FALSE(lo.link);
}

TEST(Link, OfANewVethPair) {
    const Link va = last_link("veth_add", "va"), vb = last_link("veth_add", "vb");
    EXPECT_EQ(va.address, mac({2, 0, 0, 0, 0, 1}));
    EXPECT_EQ(vb.address, mac({2, 0, 0, 0, 0, 2}));
    EXPECT_EQ(va.broadcast, mac({255, 255, 255, 255, 255, 255}));
    EXPECT_EQ(va.info.kind, "veth");
    EXPECT_TRUE(std::holds_alternative<std::monostate>(va.info.data));
    EXPECT_EQ(va.flags, IFF_BROADCAST | IFF_MULTICAST);
    EXPECT_FALSE(va.carrier());
    EXPECT_EQ(va.operstate, IF_OPER_DOWN);
    EXPECT_EQ(va.mtu, 1500U);
    EXPECT_EQ(va.min_mtu, 68U);
    EXPECT_EQ(va.max_mtu, 65535U);
    EXPECT_EQ(va.txqlen, 1000U);
    EXPECT_EQ(va.qdisc, "noop");
    EXPECT_EQ(va.gso_max_size, 65536U);
    EXPECT_TRUE(va.num_tx_queues && va.num_rx_queues && va.gso_max_segs && va.tso_max_size &&
                va.tso_max_segs && va.gro_max_size);
    EXPECT_TRUE(va.permanent_address.empty());
    EXPECT_EQ(va.link, vb.ifindex);
    EXPECT_FALSE(va.link_netnsid);
    EXPECT_EQ(vb.link, 0U) << "told before it has a peer";
}

TEST(Link, GoesUpInSteps) {
    std::vector<std::pair<bool, int>> steps;
    for (const Update& update : updates("veth_up"))
        if (const Link* link = as_link(update.object); link->ifname == "vb")
            steps.emplace_back(link->carrier(), link->operstate);
    EXPECT_EQ(steps, (std::vector<std::pair<bool, int>>{{true, IF_OPER_LOWERLAYERDOWN}, {true, IF_OPER_UP}}));
}

TEST(Link, LosesItsCarrierAndCountsIt) {
    const auto before = updates("veth_up"), lost = updates("veth_carrier_lost"),
               back = updates("veth_up_again");
    const auto last = [](const std::vector<Update>& all) {
        const Update* found = nullptr;
        for (const Update& update : all)
            if (const Link* link = as_link(update.object); link && link->ifname == "va") found = &update;
        return found ? *found : Update{};
    };
    EXPECT_TRUE(as_link(last(before).object)->carrier());
    EXPECT_FALSE(as_link(last(lost).object)->carrier());
    EXPECT_EQ(as_link(last(lost).object)->operstate, IF_OPER_LOWERLAYERDOWN);
    EXPECT_TRUE(as_link(last(back).object)->carrier());
    EXPECT_EQ(last(lost).carrier_downs, last(before).carrier_downs + 1);
    EXPECT_EQ(last(back).carrier_ups, last(before).carrier_ups + 1);
}

TEST(Link, TakesItsSettings) {
    const Link va = last_link("veth_mtu_txqlen_group", "va");
    EXPECT_EQ(va.mtu, 1400U);
    EXPECT_EQ(va.txqlen, 77U);
    EXPECT_EQ(va.group, 5U);
}

TEST(Link, TakesAnAliasOfAnyText) {
    EXPECT_EQ(last_link("veth_alias", "va").alias, "uplink to \"rack 4\"");
    EXPECT_EQ(last_link("hostile_names", "ifb9").alias, "two\nlines\tand \303\050");
}

TEST(Link, TakesNamesOfAnyBytes) { EXPECT_EQ(last_link("hostile_names", "e\xff\x1b\"").info.kind, "ifb"); }

TEST(Link, HasAlternativeNames) {
    using Names = std::vector<std::string>;
    EXPECT_EQ(last_link("veth_altnames", "va").altnames,
              (Names{"enp1s0", "uplink-of-a-name-longer-than-15"}));
    EXPECT_EQ(last_link("veth_altname_removed", "va").altnames, Names{"uplink-of-a-name-longer-than-15"});
    EXPECT_EQ(last_link("hostile_names", "ifb9").altnames, Names{"esc\x1b"
                                                                 "ape"});
}

TEST(Link, KeepsItsIndexWhenRenamed) {
    EXPECT_EQ(last_link("veth_renamed", "wan0").ifindex, last_link("veth_add", "va").ifindex);
}

TEST(Link, ShowsWhatAnAdministratorAskedForInItsFlags) {
    const auto all = updates("veth_promisc");
    EXPECT_EQ(as_link(all.front().object)->flags & (IFF_PROMISC | IFF_ALLMULTI), IFF_PROMISC | IFF_ALLMULTI);
    EXPECT_EQ(as_link(all.back().object)->flags & (IFF_PROMISC | IFF_ALLMULTI), 0U);
}

TEST(Link, SaysWhyItsProtocolIsDown) {
    std::vector<std::pair<bool, std::uint32_t>> steps;
    for (const Update& update : updates("macvlan_proto_down")) {
        const Link* link = as_link(update.object);
        const std::pair step{link->proto_down, link->proto_down_reason};
        if (steps.empty() || steps.back() != step) steps.push_back(step);
    }
    EXPECT_EQ(steps, (std::vector<std::pair<bool, std::uint32_t>>{
                         {false, 0}, {true, 0}, {true, 1 << 3}, {true, 0}, {false, 0}}));
}

TEST(Link, MovesToAnotherNamespace) {
    const auto moved = updates("veth_moved");
    const auto farewell =
        std::ranges::find_if(moved, [](const Update& u) { return as_link(u.object) && u.gone != Gone::no; });
    ASSERT_NE(farewell, moved.end());
    EXPECT_EQ(farewell->gone, Gone::moved_netns);
    EXPECT_EQ(as_link(farewell->object)->ifname, "vb");

    const Link left = last_link("veth_peer_moved_seen", "va");
    EXPECT_EQ(left.link, as_link(farewell->object)->ifindex);
    EXPECT_EQ(left.link_netnsid, 0);
    EXPECT_EQ(last_link("veth_moved_back", "vb").link, left.ifindex);
}

TEST(Link, IsDeleted) {
    std::vector<std::string> gone;
    for (const Update& update : updates("link_del"))
        if (const Link* link = as_link(update.object); link && update.gone == Gone::deleted) {
            gone.emplace_back(link->ifname.view());
            EXPECT_EQ(update.key, link_key(link->ifindex));
        }
    EXPECT_EQ(gone, (std::vector<std::string>{"ifb9", "tun0", "tap0", "vx4", "mv0"}));
}

TEST(Link, IsWholeInADump) {
    std::vector<std::string> names;
    for (const Update& update : updates("dump_links"))
        names.emplace_back(as_link(update.object)->ifname.view());
    EXPECT_EQ(names, (std::vector<std::string>{"lo", "vb", "va", "br0", "mv0", "mv1", "mt0", "vx4", "vx6",
                                               "vxe", "vx9", "ifb9", "tap0", "tun0", "e\xff\x1b\""}));
    // Nothing happened to these between the last message and the dump.
    EXPECT_EQ(last_link("dump_links", "vxe"), last_link("vxlan_external_add", "vxe"));
    EXPECT_EQ(last_link("dump_links", "ifb9"), last_link("hostile_names", "ifb9"));
    EXPECT_EQ(last_link("dump_links", "mt0"), last_link("macvtap_add", "mt0"));
}

TEST(Link, HasWhatHardwareHas) {
    Link link;
    link.ifindex = 7;
    link.ifname = "swp1";
    link.type = ARPHRD_ETHER;
    link.permanent_address = mac({2, 3, 4, 5, 6, 7});
    link.phys_port_name = "p1";
    link.phys_port_id = mac({9, 8, 7});
    link.phys_switch_id = mac({1, 2, 3, 4, 5, 6, 7, 8});
    link.parent_bus = "pci";
    link.parent_device = "0000:03:00.0";
    link.link_netnsid = -1;
    link.link = 3;
    const Decoded decoded = test::decode_request(nlwatch::test::link_message(RTM_NEWLINK, link, {5, 6}));
    const auto* update = std::get_if<Update>(&decoded);
    ASSERT_TRUE(update);
    EXPECT_EQ(*as_link(update->object), link);
    EXPECT_EQ(update->carrier_ups, 5U);
    EXPECT_EQ(update->carrier_downs, 6U);
}

TEST(MentionedLinks, AreThoseOfThisNamespace) {
    using Links = std::vector<std::uint32_t>;
    const Link va = last_link("dump_links", "va"), vb = last_link("dump_links", "vb");
    const auto index = [](const char* name) { return last_link("dump_links", name).ifindex; };
    EXPECT_EQ(mentioned_links(last_link("dump_links", "lo")), Links{});
    EXPECT_EQ(mentioned_links(vb), Links{va.ifindex});
    EXPECT_EQ(mentioned_links(va), (Links{vb.ifindex, index("br0"), index("vx9")}))
        << "the last as backup port";
    EXPECT_EQ(mentioned_links(last_link("dump_links", "vx4")), Links{va.ifindex});
    EXPECT_EQ(mentioned_links(last_link("veth_peer_moved_seen", "va")), (Links{index("br0"), index("vx9")}));
}

TEST(MentionedLinks, AreNamedOnceAndInOrder) {
    Bond ports;
    ports.active_slave = ports.primary = 3;
    Link bond;
    bond.ifindex = 9;
    bond.master = 12;
    bond.link = 9;
    bond.info.data = Boxed{ports};
    EXPECT_EQ(mentioned_links(bond), (std::vector<std::uint32_t>{3, 12}));
}

}  // namespace
}  // namespace nlwatch::rtnl
