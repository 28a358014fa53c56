// What becomes a change, in which order, and what does not.
#include "state/network_state.hpp"

#include <gtest/gtest.h>

#include "support/journal.hpp"

namespace nlwatch::test {
namespace {

using rtnl::Gone;
using rtnl::Kind;
using state::Origin;

std::uint64_t count(const state::NetworkState& state, Origin origin, state::Op op) {
    return state.counters().changes[static_cast<std::size_t>(origin)][static_cast<std::size_t>(op)];
}

TEST(NetworkState, TellsWhatComesChangesAndGoes) {
    Journal journal;
    journal.live(there(link(2, "eth0")));
    journal.live(there(inet(2, 1)));
    journal.live(there(without_carrier(link(2, "eth0"))));
    journal.live(gone(inet(2, 1)));
    journal.live(gone(link(2, "eth0")));
    EXPECT_EQ(journal.told(), (Words{"live added eth0", "live added 192.0.2.1 on eth0", "live changed eth0",
                                     "live removed 192.0.2.1 on eth0", "live removed eth0"}));
    EXPECT_EQ(journal.state.table().size(), 0u);
}

TEST(NetworkState, CarriesTheRowsOfBeforeAndAfter) {
    Journal journal;
    journal.live(there(link(2, "eth0")), 1);
    rtnl::Link jumbo = link(2, "eth0");
    jumbo.mtu = 9'000;
    journal.live(there(jumbo), 2);
    EXPECT_EQ(as_link(*journal.last().before)->mtu, 1'500u);
    EXPECT_EQ(as_link(*journal.last().after)->mtu, 9'000u);
    EXPECT_EQ(journal.last().at, at(2));
    EXPECT_EQ(journal.last().after->known, at(2));
    EXPECT_EQ(journal.last().not_before, state::Time{}) << "the kernel told us itself";
}

TEST(NetworkState, IsSilentAboutWhatSaysNothingNewAndCountsIt) {
    Journal journal;
    journal.live(there(link(2, "eth0")));
    journal.live(there(inet(2, 1)));
    journal.told();
    for (int i = 0; i < 3; ++i) journal.live(there(link(2, "eth0")));
    journal.live(there(inet(2, 1)));
    journal.learn(there(inet(2, 1)), Origin::audit);  // not an event
    EXPECT_EQ(journal.told(), Words{});
    EXPECT_EQ(journal.state.counters().unchanged[static_cast<std::size_t>(Kind::link)], 3u);
    EXPECT_EQ(journal.state.counters().unchanged[static_cast<std::size_t>(Kind::address)], 1u);
}

TEST(NetworkState, TakesCarrierCountersForNoChangeButRemembersThem) {
    Journal journal;
    journal.live(there(link(2, "eth0"), {1, 1}));
    journal.live(there(link(2, "eth0"), {4, 4}));
    EXPECT_EQ(journal.told(), Words{"live added eth0"});
    EXPECT_EQ(journal.state.table().find(rtnl::link_key(2))->carrier_ups, 4u);
    EXPECT_EQ(journal.state.counters().unchanged[static_cast<std::size_t>(Kind::link)], 1u);
}

TEST(NetworkState, SaysThatAddressesWentWithTheirLinkAndSaysItFirst) {
    Journal journal;
    journal.live(there(link(2, "eth0")));
    journal.live(there(link(3, "eth1")));
    journal.live(there(inet(2, 1)));
    journal.live(there(inet6(2, 1)));
    journal.live(there(inet(3, 7)));
    journal.told();
    journal.live(gone(link(2, "eth0"), Gone::moved_netns));
    EXPECT_EQ(journal.told(), (Words{"derived removed 192.0.2.1 on eth0 (link_removed)",
                                     "derived removed 2001:db8::1 on eth0 (link_removed)",
                                     "live removed eth0 (moved_netns)"}));
    EXPECT_NE(journal.state.table().find(key_of(inet(3, 7))), nullptr);
}

TEST(NetworkState, IgnoresAFarewellToWhatItDoesNotKnow) {
    Journal journal;
    journal.live(gone(link(2, "eth0")));
    journal.live(gone(inet(2, 1)));
    EXPECT_EQ(journal.told(), Words{});
    EXPECT_EQ(count(journal.state, Origin::live, state::Op::removed), 0u);
}

TEST(NetworkState, RemovesTheRowThatItKnewNotWhatTheFarewellSaid) {
    Journal journal;
    journal.live(there(link(2, "eth0")));
    rtnl::Link bare;
    bare.ifindex = 2;
    journal.live(gone(bare));
    EXPECT_EQ(journal.told().back(), "live removed eth0");
    EXPECT_EQ(as_link(*journal.last().before)->mtu, 1'500u);
}

TEST(NetworkState, LeavesOutAnAddressWhoseLinkItDoesNotKnow) {
    Journal journal;
    journal.live(there(inet(2, 1)));
    EXPECT_EQ(journal.told(), Words{});
    EXPECT_EQ(journal.state.counters().orphans, 1u);
    journal.live(there(link(2, "eth0")));
    journal.live(there(inet(2, 1)));
    EXPECT_EQ(journal.told(), (Words{"live added eth0", "live added 192.0.2.1 on eth0"}));
    EXPECT_EQ(journal.state.counters().orphans, 1u);
}

// Deleted and made again while we watch: two links, even if nothing tells them apart.
TEST(NetworkState, ShowsDeleteAndReAddAsTwoRecords) {
    Journal journal;
    journal.live(there(link(2, "eth0")));
    journal.live(gone(link(2, "eth0")));
    journal.live(there(link(2, "eth0")));
    EXPECT_EQ(journal.told(), (Words{"live added eth0", "live removed eth0", "live added eth0"}));
}

// IPv4: prefix length and peer are part of the identity. IPv6: the local address alone (kernel.md §4).
TEST(NetworkState, TellsAddressesApartAsTheKernelDoes) {
    Journal journal;
    journal.live(there(link(2, "eth0")));
    journal.live(there(inet(2, 1, 24)));
    journal.live(there(inet(2, 1, 25)));
    rtnl::Address with_peer = inet(2, 1, 24);
    with_peer.peer.bytes[3] = 99;
    journal.live(there(with_peer));
    EXPECT_EQ(journal.state.table().size(Kind::address), 3u);

    journal.live(there(inet6(2, 1)));
    rtnl::Address other_peer = inet6(2, 1);
    other_peer.peer.bytes[15] = 99;
    other_peer.prefixlen = 128;
    journal.told();
    journal.live(there(other_peer));
    EXPECT_EQ(journal.told(), Words{"live changed 2001:db8::1 on eth0"});
    EXPECT_EQ(journal.state.table().size(Kind::address), 4u);
}

TEST(NetworkState, CountsChangesByOriginAndOp) {
    Journal journal;
    journal.live(there(link(2, "eth0")));
    journal.learn(there(inet(2, 1)), Origin::resync);
    journal.learn(there(without_carrier(link(2, "eth0"))), Origin::audit);
    journal.live(gone(link(2, "eth0")));
    EXPECT_EQ(count(journal.state, Origin::live, state::Op::added), 1u);
    EXPECT_EQ(count(journal.state, Origin::resync, state::Op::added), 1u);
    EXPECT_EQ(count(journal.state, Origin::audit, state::Op::changed), 1u);
    EXPECT_EQ(count(journal.state, Origin::derived, state::Op::removed), 1u);
    EXPECT_EQ(count(journal.state, Origin::live, state::Op::removed), 1u);
    EXPECT_EQ(count(journal.state, Origin::live, state::Op::changed), 0u);
}

TEST(NetworkState, TellsALateFinderWhenTheOldStateWasLastKnown) {
    Journal journal;
    journal.live(there(link(2, "eth0")), 5);
    journal.live(there(inet(2, 1)), 5);
    // Known at 5 s; the pass knows nothing after 3 s: the row is the better witness.
    journal.learn(there(without_carrier(link(2, "eth0"))), Origin::resync, 9, 3);
    EXPECT_EQ(journal.last().not_before, at(5));
    EXPECT_EQ(journal.last().at, at(9));
    // Learnt at 9 s, and all was known to hold at 20 s.
    journal.learn(there(link(2, "eth0")), Origin::audit, 30, 20);
    EXPECT_EQ(journal.last().not_before, at(20));
    journal.learn(gone(inet(2, 1)), Origin::audit, 31, 20);
    EXPECT_EQ(journal.last().not_before, at(20));
    journal.learn(there(inet(2, 2)), Origin::audit, 32, 20);
    EXPECT_EQ(journal.last().not_before, state::Time{}) << "there was no old value";
}

}  // namespace
}  // namespace nlwatch::test
