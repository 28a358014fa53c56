#include "state/silent_changes.hpp"

#include <gtest/gtest.h>
#include <linux/if.h>

#include "support/journal.hpp"

namespace nlwatch::test {
namespace {

using state::Origin;

struct Expected {
    bool soon, later;
};

class SilentChanges : public testing::Test {
protected:
    void expect(const rtnl::Update& update, Expected expected, Origin origin = Origin::live) {
        journal.learn(update, origin);
        const state::Suspicion suspicion = suspicion_after(journal.last());
        EXPECT_EQ(suspicion.soon, expected.soon) << words(journal.last());
        EXPECT_EQ(suspicion.later, expected.later) << words(journal.last());
    }
    static rtnl::Link with_flags(std::uint32_t flags) {
        rtnl::Link made = link(2, "eth0");
        made.flags = flags;
        return made;
    }
    Journal journal;
};

TEST_F(SilentChanges, FollowALinkThatComesOrGoes) {
    expect(there(link(2, "eth0")), {true, true});
    expect(gone(link(2, "eth0"), rtnl::Gone::moved_netns), {true, false});
}

TEST_F(SilentChanges, FollowEveryEdgeOfALinksState) {
    expect(there(with_flags(0)), {true, true});
    expect(there(with_flags(IFF_UP)), {true, true});
    expect(there(with_flags(IFF_UP | IFF_LOWER_UP)), {true, true});
    expect(there(with_flags(IFF_UP | IFF_LOWER_UP | IFF_RUNNING)), {true, true});
    expect(there(with_flags(IFF_UP)), {true, true});
    expect(there(with_flags(0)), {true, true});
}

TEST_F(SilentChanges, FollowNothingElse) {
    expect(there(link(2, "eth0")), {true, true});
    expect(there(link(2, "eth1")), {false, false});
    rtnl::Link promiscuous = link(2, "eth1");
    promiscuous.flags |= IFF_PROMISC;
    expect(there(promiscuous), {false, false});
    expect(there(inet(2, 1)), {false, false});
    expect(gone(inet(2, 1)), {false, false});
}

// Or each audit that finds something would call for the next.
TEST_F(SilentChanges, AreNotSuspectedBehindWhatAPassFound) {
    for (const Origin origin : {Origin::resync, Origin::audit, Origin::restart}) {
        expect(there(with_flags(0)), {false, false}, origin);
        expect(there(with_flags(IFF_UP)), {false, false}, origin);
        expect(gone(link(2, "eth0")), {false, false}, origin);
    }
}

// What seems to change nothing may be the kernel's second edge, of which we lost the first.
TEST_F(SilentChanges, AreSuspectedBehindEveryMessageOfALinkWhileInDoubt) {
    for (const rtnl::Update& update : {there(link(2, "eth0")), gone(link(2, "eth0"))}) {
        const state::Suspicion suspicion = state::suspicion_in_doubt(update);
        EXPECT_TRUE(suspicion.soon);
        EXPECT_TRUE(suspicion.later);
    }
    const state::Suspicion suspicion = state::suspicion_in_doubt(there(inet(2, 1)));
    EXPECT_FALSE(suspicion.soon);
    EXPECT_FALSE(suspicion.later);
}

}  // namespace
}  // namespace nlwatch::test
