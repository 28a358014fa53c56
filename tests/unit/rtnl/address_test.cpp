#include "rtnl/address.hpp"

#include <linux/if_addr.h>
#include <linux/rtnetlink.h>

#include <set>

#include "decoded.hpp"
#include "support/encoder.hpp"

namespace nlwatch::rtnl {
namespace {

using test::addresses;
using test::ip;
using test::updates;

Address only_address(const std::string& fixture) {
    const auto all = addresses(fixture);
    EXPECT_EQ(all.size(), 1U) << fixture;
    return all.empty() ? Address{} : all[0];
}

TEST(Address, OfIpv4) {
    const Address address = only_address("address_inet");
    EXPECT_EQ(address.family, AF_INET);
    EXPECT_EQ(address.local, ip("192.0.2.1"));
    EXPECT_EQ(address.peer, ip("192.0.2.1"));
    EXPECT_EQ(address.broadcast, ip("192.0.2.255"));
    EXPECT_EQ(address.prefixlen, 24);
    EXPECT_EQ(address.scope, RT_SCOPE_UNIVERSE);
    EXPECT_EQ(address.flags, IFA_F_PERMANENT);
    EXPECT_EQ(address.label, "va");
    EXPECT_FALSE(address.metric);
    EXPECT_FALSE(address.protocol);
    EXPECT_TRUE(address.usable());
}

TEST(Address, HasALabelAndAMetric) {
    const Address address = only_address("address_inet_label");
    EXPECT_EQ(address.label, "va:web");
    EXPECT_EQ(address.metric, 77U);
    EXPECT_EQ(address.flags, IFA_F_PERMANENT | IFA_F_SECONDARY);
    EXPECT_TRUE(address.broadcast.empty());
}

TEST(Address, HasAScope) {
    const auto all = addresses("address_inet_scopes");
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].scope, RT_SCOPE_HOST);
    EXPECT_EQ(all[1].scope, RT_SCOPE_LINK);
}

TEST(Address, IsDeprecated) {
    for (const char* fixture : {"address_inet_deprecated", "address_inet6_deprecated"}) {
        const Address address = only_address(fixture);
        EXPECT_TRUE(address.flags & IFA_F_DEPRECATED) << fixture;
        EXPECT_FALSE(address.flags & IFA_F_PERMANENT) << fixture;
        EXPECT_TRUE(address.usable()) << fixture;
    }
}

// Two IPv4 addresses may differ in nothing but the peer.
TEST(Address, OfIpv4IsAnotherWithAnotherPeer) {
    const auto pair = updates("address_inet_peer");
    ASSERT_EQ(pair.size(), 2U);
    const Address *first = as_address(pair[0].object), *second = as_address(pair[1].object);
    EXPECT_EQ(first->local, ip("198.51.100.1"));
    EXPECT_EQ(second->local, first->local);
    EXPECT_EQ(first->peer, ip("203.0.113.1"));
    EXPECT_EQ(second->peer, ip("203.0.113.2"));
    EXPECT_NE(pair[0].key, pair[1].key);

    const auto gone = updates("address_inet_del");
    EXPECT_EQ(gone.at(0).key, pair[0].key);
    EXPECT_EQ(gone.at(0).gone, Gone::deleted);
}

TEST(Address, OfIpv4IsAnotherWithTheUnspecifiedPeer) {
    const auto all = updates("address_inet_peer_zero");
    ASSERT_EQ(all.size(), 1U);
    const Address address = *as_address(all[0].object);
    EXPECT_EQ(address.peer, ip("0.0.0.0"));
    Address without_peer = address;
    without_peer.peer = address.local;
    EXPECT_NE(key_of(without_peer), all[0].key);
}

TEST(Address, OfIpv4IsAnotherWithAnotherPrefix) {
    Address address = only_address("address_inet");
    const Key key = key_of(address);
    address.prefixlen = 25;
    EXPECT_NE(key_of(address), key);
}

// The primary's deletion takes its secondaries along; the kernel says so of each.
TEST(Address, OfIpv4GoesWithItsPrimary) {
    std::set<Key> gone;
    for (const Update& update : updates("address_inet_del")) gone.insert(update.key);
    EXPECT_TRUE(gone.contains(key_of(only_address("address_inet"))));
    EXPECT_TRUE(gone.contains(key_of(only_address("address_inet_label"))));
    EXPECT_TRUE(gone.contains(key_of(only_address("address_inet_deprecated"))));
}

TEST(Address, OfIpv6IsTentativeFirst) {
    const auto all = updates("address_inet6_dad");
    ASSERT_EQ(all.size(), 2U);
    const Address *tentative = as_address(all[0].object), *settled = as_address(all[1].object);
    EXPECT_EQ(tentative->family, AF_INET6);
    EXPECT_EQ(tentative->local, ip("2001:db8::1"));
    EXPECT_EQ(tentative->peer, tentative->local) << "IFA_LOCAL is left out";
    EXPECT_TRUE(tentative->flags & IFA_F_TENTATIVE);
    EXPECT_FALSE(tentative->usable());
    EXPECT_TRUE(settled->usable());
    EXPECT_EQ(all[0].key, all[1].key);
    EXPECT_TRUE(tentative->label.empty());
    EXPECT_TRUE(tentative->broadcast.empty());
}

TEST(Address, OfIpv6MayBeADuplicate) {
    const auto all = addresses("address_inet6_dadfailed");
    ASSERT_FALSE(all.empty());
    EXPECT_TRUE(all.back().flags & IFA_F_DADFAILED);
    EXPECT_FALSE(all.back().usable());
    Address failed = all.back();
    failed.flags &= ~static_cast<std::uint32_t>(IFA_F_TENTATIVE);
    EXPECT_FALSE(failed.usable());
}

// Flags beyond the header's 8 bits.
TEST(Address, HasWideFlags) {
    const Address address = only_address("address_inet6_nodad");
    EXPECT_EQ(address.flags, IFA_F_PERMANENT | IFA_F_NODAD | IFA_F_NOPREFIXROUTE);
    EXPECT_EQ(address.metric, 88U);
}

// `change … peer` alters the same object: a key with the peer would leave a ghost.
TEST(Address, OfIpv6StaysTheSameWithAnotherPeer) {
    const auto all = updates("address_inet6_peer");
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(as_address(all[0].object)->local, ip("2001:db8:1::1"));
    EXPECT_EQ(as_address(all[0].object)->peer, ip("2001:db8:1::2"));
    EXPECT_EQ(as_address(all[1].object)->peer, ip("2001:db8:1::3"));
    EXPECT_EQ(all[0].key, all[1].key);

    const auto gone = updates("address_inet6_del");
    EXPECT_EQ(gone.at(0).key, all[0].key);
    EXPECT_EQ(gone.at(0).gone, Gone::deleted);
}

TEST(Address, OfIpv6StaysTheSameWithAnotherPrefix) {
    Address address = only_address("address_inet6_nodad");
    const Key key = key_of(address);
    address.prefixlen = 48;
    EXPECT_EQ(key_of(address), key);
}

TEST(Address, TellsWhoAddedIt) {
    int link_local = 0;
    for (const Address& address : addresses("dump_addresses_inet6")) {
        if (address.scope != RT_SCOPE_LINK) continue;
        ++link_local;
        EXPECT_EQ(address.protocol, 3) << "IFAPROT_KERNEL_LL";
    }
    EXPECT_GT(link_local, 0);
}

TEST(Address, IsWholeInADump) {
    EXPECT_EQ(addresses("dump_addresses_inet").size(), 5U);
    const auto all = addresses("dump_addresses_inet6");
    EXPECT_EQ(all.size(), 6U);
    EXPECT_EQ(std::ranges::count(all, addresses("address_inet6_dad")[1]), 1);
}

TEST(Address, GoesThereAndBack) {
    Address address;
    address.ifindex = 5;
    address.family = AF_INET;
    address.prefixlen = 31;
    address.scope = RT_SCOPE_LINK;
    address.flags = IFA_F_PERMANENT | IFA_F_NOPREFIXROUTE;
    address.local = address.peer = ip("192.0.2.8");
    address.label = "x0:1";
    address.protocol = 66;
    address.metric = 5;
    const Decoded decoded = test::decode_request(nlwatch::test::address_message(RTM_DELADDR, address));
    ASSERT_TRUE(std::holds_alternative<Update>(decoded));
    EXPECT_EQ(*as_address(std::get<Update>(decoded).object), address);
}

TEST(Address, TakesTheHeadersFlagsOfAnOldKernel) {
    ifaddrmsg header{.ifa_family = AF_INET,
                     .ifa_prefixlen = 8,
                     .ifa_flags = IFA_F_PERMANENT,
                     .ifa_scope = 0,
                     .ifa_index = 3};
    netlink::Request request{RTM_NEWADDR, 0};
    request.body(header).attribute(IFA_LOCAL, ~0U);
    const Decoded decoded = test::decode_request(request);
    ASSERT_TRUE(std::holds_alternative<Update>(decoded));
    EXPECT_EQ(as_address(std::get<Update>(decoded).object)->flags, IFA_F_PERMANENT);
}

}  // namespace
}  // namespace nlwatch::rtnl
