// Events and rows of one window: who is believed, and how the table is brought to what was proven.
#include "state/pass.hpp"

#include <cerrno>

#include "unit/state/pass_conversation.hpp"

namespace nlwatch::test {
namespace {

using state::Origin;

using APass = PassConversation;

rtnl::Link with_mtu(rtnl::Link link, std::uint32_t mtu) {
    link.mtu = mtu;
    return link;
}

std::uint32_t mtu_of(const Journal& journal, std::uint32_t ifindex) {
    return as_link(*journal.state.table().find(rtnl::link_key(ifindex)))->mtu;
}

TEST_F(APass, LooksAtLinksFirstAndAtEachFamilyByItself) {
    EXPECT_EQ(Pass::everything(), (std::vector{links, inet_of(0), inet6_of(0)}));
}

TEST_F(APass, LearnsEverythingAtFirst) {
    open(Origin::audit);
    dump_whole(links, {there(link(1, "lo", "")), there(link(2, "eth0"))});
    dump_whole(inet_of(0), {there(inet(2, 1))});
    dump_whole(inet6_of(0), {there(inet6(2, 1))});
    close();
    EXPECT_EQ(settle(), (Words{"audit added lo", "audit added eth0", "audit added 192.0.2.1 on eth0",
                               "audit added 2001:db8::1 on eth0"}));
    EXPECT_EQ(incomplete(), Words{});
}

TEST_F(APass, RepairsWhatWasMissed) {
    known({there(link(1, "lo", "")), there(link(2, "eth0")), there(link(3, "eth1")), there(inet(2, 1)),
           there(inet(3, 1))});
    open();
    dump_whole(links,
               {there(link(1, "lo", "")), there(with_mtu(link(2, "eth0"), 9'000)), there(link(4, "eth2"))});
    dump_whole(inet_of(0), {there(inet(2, 2)), there(inet(4, 1))});
    dump_whole(inet6_of(0), {});
    close();
    EXPECT_EQ(settle(), (Words{"resync changed eth0", "resync added eth2", "resync added 192.0.2.2 on eth0",
                               "resync added 192.0.2.1 on eth2", "resync removed 192.0.2.1 on eth0",
                               "resync removed 192.0.2.1 on eth1", "resync removed eth1"}));
    EXPECT_EQ(incomplete(), Words{});
}

TEST_F(APass, SaysNothingWhereNothingDiffers) {
    known({there(link(2, "eth0")), there(inet(2, 1))});
    open(Origin::audit);
    dump_whole(links, {there(link(2, "eth0"))});
    dump_whole(inet_of(0), {there(inet(2, 1))});
    dump_whole(inet6_of(0), {});
    close();
    EXPECT_EQ(settle(), Words{});
}

TEST_F(APass, DatesWhatItFinds) {
    known({there(link(2, "eth0"))});
    open(Origin::audit, 4);
    dump_whole(links, {there(with_mtu(link(2, "eth0"), 9'000))});
    close();
    settle();
    EXPECT_EQ(journal.last().at, at(10));
    EXPECT_EQ(journal.last().not_before, at(4));
}

// A row may be older than an event that was read before it: the kernel queues a dump's datagram after
// unlocking.
TEST_F(APass, AnEventWinsOverARowThatCameLater) {
    known({there(link(2, "eth0"))});
    open();
    event(there(with_mtu(link(2, "eth0"), 9'000)));
    dump_whole(links, {there(link(2, "eth0"))});
    close();
    EXPECT_EQ(settle(), Words{});
    EXPECT_EQ(mtu_of(journal, 2), 9'000u);
}

TEST_F(APass, AnEventWinsOverARowThatCameEarlier) {
    known({there(link(2, "eth0"))});
    open();
    dump_whole(links, {there(with_mtu(link(2, "eth0"), 1'400))});
    event(there(with_mtu(link(2, "eth0"), 9'000)));
    close();
    EXPECT_EQ(settle(), Words{});
    EXPECT_EQ(mtu_of(journal, 2), 9'000u);
}

TEST_F(APass, AnEventThatSaysNothingNewWinsAsWell) {
    known({there(link(2, "eth0"))});
    open();
    event(there(link(2, "eth0")));
    dump_whole(links, {there(with_mtu(link(2, "eth0"), 1'400))});
    close();
    EXPECT_EQ(settle(), Words{});
}

TEST_F(APass, ADeletedAddressDoesNotComeBackByAnOldRow) {
    known({there(link(2, "eth0")), there(inet(2, 1))});
    open();
    dump_whole(links, {there(link(2, "eth0"))});
    event(gone(inet(2, 1)));
    dump_whole(inet_of(0), {there(inet(2, 1))});
    close();
    EXPECT_EQ(settle(), Words{});
    EXPECT_EQ(journal.state.table().find(key_of(inet(2, 1))), nullptr);
}

TEST_F(APass, ANewAddressIsNotTakenForGoneSinceItsRowIsMissing) {
    known({there(link(2, "eth0"))});
    open();
    dump_whole(links, {there(link(2, "eth0"))});
    dump_whole(inet_of(0), {});
    event(there(inet(2, 1)));
    close();
    EXPECT_EQ(settle(), Words{});
    EXPECT_NE(journal.state.table().find(key_of(inet(2, 1))), nullptr);
}

TEST_F(APass, ADeletedLinkShieldsAllRowsThatWereOnIt) {
    known({there(link(2, "eth0")), there(inet(2, 1))});
    open();
    dump_whole(links, {there(link(2, "eth0"))});
    event(gone(link(2, "eth0")));
    dump_whole(inet_of(0), {there(inet(2, 1)), there(inet(2, 2))});
    dump_whole(inet6_of(0), {there(inet6(2, 1))});
    close();
    EXPECT_EQ(settle(), Words{});
    EXPECT_EQ(journal.state.table().size(), 0u);
    EXPECT_EQ(journal.state.counters().orphans, 0u);
}

TEST_F(APass, AnIndexThatIsUsedAgainKeepsWhatLaterEventsSaid) {
    known({there(link(2, "eth0")), there(inet(2, 1))});
    open();
    dump_whole(links, {there(link(2, "eth0"))});
    dump_whole(inet_of(0), {there(inet(2, 1))});
    event(gone(link(2, "eth0")));
    event(there(link(2, "eth9")));
    event(there(inet(2, 9)));
    close();
    EXPECT_EQ(settle(), Words{});
    EXPECT_NE(journal.state.table().find(key_of(inet(2, 9))), nullptr);
    EXPECT_EQ(journal.state.table().find(key_of(inet(2, 1))), nullptr);
}

// Rows that equalled the old link's addresses said nothing new when they were read.
TEST_F(APass, LooksAgainWhenAnIndexTurnsOutToBeAnotherLinks) {
    known({there(link(2, "eth0")), there(inet(2, 1))});
    journal.state.after_loss(true);
    open();
    dump_whole(links, {there(link(2, "eth0", "bridge"))});
    dump_whole(inet_of(0), {there(inet(2, 1))});
    dump_whole(inet6_of(0), {});
    close();
    EXPECT_EQ(settle(), (Words{"derived removed 192.0.2.1 on eth0 (link_removed)", "resync removed eth0",
                               "resync added eth0"}));
    EXPECT_EQ(incomplete(), (Words{"links", "inet of all", "inet6 of all"}));

    open();
    dump_whole(links, {there(link(2, "eth0", "bridge"))});
    dump_whole(inet_of(0), {there(inet(2, 1))});
    dump_whole(inet6_of(0), {});
    close();
    EXPECT_EQ(settle(), Words{"resync added 192.0.2.1 on eth0"});
    EXPECT_EQ(incomplete(), Words{});
}

TEST_F(APass, LooksAgainWhenAnEventShowsThatTheIndexIsAnotherLinks) {
    known({there(link(2, "eth0")), there(inet(2, 1))});
    journal.state.after_loss(true);
    open();
    dump_whole(links, {there(link(2, "eth0", "bridge"))});
    dump_whole(inet_of(0), {there(inet(2, 1))});
    event(there(link(2, "eth0", "bridge")));
    close();
    EXPECT_EQ(settle(), Words{});
    EXPECT_EQ(incomplete(), (Words{"links", "inet of all", "inet6 of all"}));
}

TEST_F(APass, IsNotCleanWhileAnAddressCameForALinkThatIsNotKnown) {
    open();
    event(there(inet(2, 1)));  // the NEWLINK before it is lost
    dump_whole(links, {there(link(2, "eth0"))});
    dump_whole(inet_of(0), {there(inet(2, 1))});
    dump_whole(inet6_of(0), {});
    close();
    EXPECT_EQ(settle(), Words{"resync added eth0"});
    EXPECT_EQ(incomplete(), (Words{"links", "inet of 2"}));

    open();
    dump_whole(links, {there(link(2, "eth0"))});
    dump_whole(inet_of(2), {there(inet(2, 1))});
    close();
    EXPECT_EQ(settle(), Words{"resync added 192.0.2.1 on eth0"});
    EXPECT_EQ(incomplete(), Words{});
}

TEST_F(APass, IsNotCleanWithARowWhoseLinkNobodyKnows) {
    open();
    dump_whole(links, {});
    dump_whole(inet_of(0), {there(inet(2, 1))});
    close();
    EXPECT_EQ(settle(), Words{});
    EXPECT_EQ(incomplete(), (Words{"links", "inet of 2"}));
}

TEST_F(APass, TakesRepeatedRowsOnce) {
    open();
    dump_whole(links, {there(link(2, "eth0")), there(link(2, "eth0"))});
    dump_whole(inet_of(0), {there(inet(2, 1)), there(inet(2, 1))});
    close();
    EXPECT_EQ(settle(), (Words{"resync added eth0", "resync added 192.0.2.1 on eth0"}));
}

TEST_F(APass, PutsLinksBeforeAddressesWhateverTheOrderOfRows) {
    open();
    dump_whole(inet_of(0), {there(inet(2, 1))});
    dump_whole(links, {there(link(2, "eth0"))});
    close();
    EXPECT_EQ(settle(), (Words{"resync added eth0", "resync added 192.0.2.1 on eth0"}));
}

TEST_F(APass, ReadsCarrierCountersOfLinksThatSayNothingElse) {
    known({there(link(2, "eth0"), {1, 1})});
    journal.state.after_loss(true);
    open();
    dump_whole(links, {there(link(2, "eth0"), {2, 2})});
    close();
    EXPECT_EQ(settle(), Words{"resync changed eth0, missed 1 up 1 down"});
}

TEST_F(APass, LeavesAloneWhatItDidNotLookAt) {
    known({there(link(2, "eth0")), there(link(3, "eth1")), there(inet(2, 1)), there(inet6(3, 1))});
    open();
    dump_whole(inet_of(2), {});
    close();
    EXPECT_EQ(settle(), Words{"resync removed 192.0.2.1 on eth0"});
    EXPECT_EQ(incomplete(), Words{});
}

TEST_F(APass, SettlesInSlicesWhileEventsGoOn) {
    known({there(link(1, "lo", ""))});
    for (std::uint8_t host = 1; host <= 100; ++host) known({there(inet(1, host))});
    std::vector<rtnl::Update> rows;
    for (std::uint16_t host = 1; host <= 100; ++host) rows.push_back(there(inet6(1, host)));
    open();
    dump_whole(links, {there(link(1, "lo", ""))});
    dump_whole(inet_of(0), {});
    dump_whole(inet6_of(0), rows);
    close();
    int slices = 0;
    std::size_t most = 0;
    for (bool done = false; !done; ++slices) {
        done = pass->settle(journal.state, 10, at(10 + slices));
        most = std::max(most, journal.told().size());
        if (slices == 2) {
            event(gone(inet6(1, 100)));  // its row waits to be applied
            event(there(inet(1, 100)));  // its row was missing: announced anew
            journal.told();
        }
        ASSERT_LT(slices, 1'000);
    }
    EXPECT_GE(slices, 20);
    EXPECT_LE(most, 10u) << "a slice is bounded";
    EXPECT_EQ(journal.state.table().find(key_of(inet6(1, 100))), nullptr);
    EXPECT_NE(journal.state.table().find(key_of(inet(1, 100))), nullptr);
    EXPECT_EQ(journal.state.table().size(), 1u + 99u + 1u);
    EXPECT_GT(journal.last().at, at(15)) << "each slice has its own time";
}

TEST_F(APass, ALinkDeletedWhileSettlingStaysDeleted) {
    open();
    dump_whole(links, {there(link(2, "eth0")), there(link(3, "eth1"))});
    dump_whole(inet_of(0), {there(inet(2, 1)), there(inet(3, 1))});
    close();
    EXPECT_FALSE(pass->settle(journal.state, 2, at(10)));  // both links
    event(gone(link(2, "eth0")));
    journal.told();
    EXPECT_EQ(settle(), Words{"resync added 192.0.2.1 on eth1"});
    EXPECT_EQ(incomplete(), Words{});
}

}  // namespace
}  // namespace nlwatch::test
