// What the state makes of a stretch that nobody saw: missed flaps, and indexes that are another link's now.
#include <gtest/gtest.h>

#include "support/journal.hpp"

namespace nlwatch::test {
namespace {

using state::Origin;

class AfterLoss : public testing::Test {
protected:
    AfterLoss() {
        journal.live(there(link(2, "eth0"), {5, 4}));
        journal.live(there(inet(2, 1)));
        journal.told();
        journal.state.after_loss(true);
    }
    Journal journal;
};

TEST_F(AfterLoss, FlapsThatNobodySawAreMissed) {
    journal.learn(there(link(2, "eth0"), {7, 6}), Origin::resync);
    EXPECT_EQ(journal.told(), Words{"resync changed eth0, missed 2 up 2 down"});
    EXPECT_TRUE(same_state(*journal.last().before, *journal.last().after));
}

TEST_F(AfterLoss, ATransitionThatIsToldIsNotMissed) {
    journal.learn(there(without_carrier(link(2, "eth0")), {5, 5}), Origin::resync);
    EXPECT_EQ(journal.told(), Words{"resync changed eth0"});
    journal.learn(there(link(2, "eth0"), {6, 5}), Origin::resync);
    EXPECT_EQ(journal.told(), Words{"resync changed eth0"});
}

TEST_F(AfterLoss, WhatIsBeyondATransitionIsMissed) {
    journal.learn(there(without_carrier(link(2, "eth0")), {6, 6}), Origin::resync);
    EXPECT_EQ(journal.told(), Words{"resync changed eth0, missed 1 up 1 down"});
}

TEST_F(AfterLoss, AnEventMayTellOfThemFirst) {
    journal.live(there(link(2, "eth0"), {6, 5}));
    EXPECT_EQ(journal.told(), Words{"live changed eth0, missed 1 up 1 down"});
    journal.learn(there(link(2, "eth0"), {6, 5}), Origin::resync);
    EXPECT_EQ(journal.told(), Words{}) << "once is enough";
}

TEST_F(AfterLoss, NothingIsMissedOnceAllIsRepaired) {
    journal.state.after_loss(false);
    journal.live(there(link(2, "eth0"), {7, 6}));
    EXPECT_EQ(journal.told(), Words{});
}

TEST_F(AfterLoss, TheCountersMayWrap) {
    journal.state.after_loss(false);
    journal.live(there(link(3, "eth1"), {UINT32_MAX, UINT32_MAX}));
    journal.state.after_loss(true);
    journal.told();
    journal.learn(there(link(3, "eth1"), {1, 1}), Origin::resync);
    EXPECT_EQ(journal.told(), Words{"resync changed eth1, missed 2 up 2 down"});
}

// One index, another link: by kind, hardware type, permanent address, or counters that went back.
const Words another{"derived removed 192.0.2.1 on eth0 (link_removed)", "resync removed eth0",
                    "resync added eth0"};

TEST_F(AfterLoss, AnotherKindIsAnotherLink) {
    journal.learn(there(link(2, "eth0", "bridge"), {5, 4}), Origin::resync, 8, 3);
    EXPECT_EQ(journal.told(), another);
    EXPECT_EQ(journal.state.counters().replaced, 1u);
}

TEST_F(AfterLoss, AnotherHardwareTypeIsAnotherLink) {
    rtnl::Link tunnel = link(2, "eth0");
    tunnel.type = 768;  // ARPHRD_TUNNEL
    journal.learn(there(tunnel, {5, 4}), Origin::resync);
    EXPECT_EQ(journal.told(), another);
}

TEST_F(AfterLoss, AnotherPermanentAddressIsAnotherLink) {
    const auto with_address = [](std::uint8_t last) {
        rtnl::Link card = link(2, "eth0");
        card.permanent_address.bytes = {2, 0, 0, 0, 0, last};
        card.permanent_address.length = 6;
        return card;
    };
    journal.learn(there(with_address(1), {5, 4}), Origin::resync);
    EXPECT_EQ(journal.told(), Words{"resync changed eth0"}) << "an older message may have left it out";
    journal.learn(there(with_address(2), {5, 4}), Origin::resync);
    EXPECT_EQ(journal.told(), another);
}

TEST_F(AfterLoss, CountersThatWentBackAreAnotherLinks) {
    journal.learn(there(link(2, "eth0"), {4, 4}), Origin::resync);
    EXPECT_EQ(journal.told(), another);
    EXPECT_EQ(journal.last().missed_ups, 0u);
}

TEST_F(AfterLoss, ARenameIsNoOtherLink) {
    journal.learn(there(link(2, "eth7"), {5, 4}), Origin::resync);
    EXPECT_EQ(journal.told(), (Words{"resync changed eth7", "derived changed 192.0.2.1 on eth7"}));
    EXPECT_EQ(journal.state.counters().replaced, 0u);
}

TEST_F(AfterLoss, AnEventOfAnotherLinkSaysSoToo) {
    journal.live(there(link(2, "eth0", "bridge"), {1, 1}));
    EXPECT_EQ(journal.told(), (Words{"derived removed 192.0.2.1 on eth0 (link_removed)", "live removed eth0",
                                     "live added eth0"}));
}

// While nothing is lost the kernel's DELLINK tells; what an event changes is a change.
TEST(NoLoss, AnEventChangesWhatItChanges) {
    Journal journal;
    journal.live(there(link(2, "eth0"), {5, 4}));
    journal.live(there(link(2, "eth0", "bridge"), {1, 1}));
    EXPECT_EQ(journal.told(), (Words{"live added eth0", "live changed eth0"}));
}

// What an audit finds nobody saw either.
TEST(NoLoss, AnAuditMayFindAnotherLink) {
    Journal journal;
    journal.live(there(link(2, "eth0"), {5, 4}));
    journal.learn(there(link(2, "eth0", "bridge"), {1, 1}), Origin::audit);
    EXPECT_EQ(journal.told(), (Words{"live added eth0", "audit removed eth0", "audit added eth0"}));
}

}  // namespace
}  // namespace nlwatch::test
