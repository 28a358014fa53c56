// What the follower does when the kernel had to drop messages: the reactor is held while much changes.
#include <numeric>

#include "netns/blind.hpp"

namespace nlwatch::test {
namespace {

using kernel::Cause;

using Loss = Blind;

TEST_F(Loss, IsRepairedWithTheSmallestBuffer) {
    changes->add_veth("v0", "v1");
    changes->add("ifb", "stays");
    changes->add("ifb", "goes");
    changes->add_address("stays", "192.0.2.1", 24);
    changes->add_address("stays", "192.0.2.2", 24);
    changes->add_address("goes", "192.0.2.3", 24);
    Watch watch{tiny()};
    watch.until_true();
    ASSERT_EQ(watch.follower().receive_buffer(), smallest);

    overflow();
    changes->remove_address("stays", "192.0.2.2", 24);
    changes->add_address("stays", "192.0.2.4", 24);
    changes->remove("goes");
    changes->add("ifb", "comes");
    changes->add_address("comes", "2001:db8::1", 64);
    changes->rename("v0", "renamed");
    watch.forget();
    watch.until_repaired();
    watch.until_true();

    EXPECT_TRUE(watch.was_told("resync removed goes"));
    EXPECT_TRUE(watch.was_told("resync added comes"));
    EXPECT_TRUE(watch.was_told("resync changed renamed"));
    EXPECT_TRUE(watch.was_told("resync removed 192.0.2.2 on stays"));
    EXPECT_EQ(watch.follower().receive_buffer(), smallest) << "it may not grow";

    const kernel::Loss& loss = watch.losses().back();
    EXPECT_EQ(loss.resync, watch.losses().size());
    EXPECT_EQ(loss.cause, Cause::overrun);
    EXPECT_EQ(loss.receive_buffer, smallest);
    ASSERT_TRUE(loss.lost);
    EXPECT_GT(*loss.lost, 30u);
    const kernel::Repair& repair = watch.repairs().back();
    EXPECT_GE(repair.passes, 1u);
    EXPECT_GE(repair.lost, loss.lost);
    EXPECT_GE(std::accumulate(repair.repaired.begin(), repair.repaired.end(), 0u), 5u);
    EXPECT_GE(losses(watch, Cause::overrun), 1u);
    EXPECT_GE(watch.follower().counters().lost_messages, *loss.lost);
}

TEST_F(Loss, MakesTheBufferGrowAsFarAsItMay) {
    Watch watch{tiny(16'384)};
    watch.until_true();
    std::size_t last = watch.follower().receive_buffer();
    for (const std::size_t expected : {4'608u, 9'216u, 16'384u, 16'384u}) {
        watch.forget();
        overflow();
        watch.until_repaired();
        watch.until_true();
        EXPECT_EQ(watch.follower().receive_buffer(), expected) << "from " << last;
        ASSERT_FALSE(watch.losses().empty());
        EXPECT_EQ(watch.losses().back().receive_buffer, expected) << "as it is after growth";
        last = expected;
    }
}

TEST_F(Loss, IsRepairedAgainAndAgain) {
    Watch watch{tiny()};
    watch.until_true();
    for (std::uint64_t round = 1; round <= 3; ++round) {
        watch.forget();
        overflow();
        const std::string name = "ifb" + std::to_string(round);
        changes->add("ifb", name);
        watch.until_told("resync added " + name);
        watch.until_repaired();
        EXPECT_EQ(watch.repairs().back().resync, watch.repairs().size());
    }
    watch.until_true();
}

TEST_F(Loss, BeforeTheFirstPassIsToldToNobody) {
    Watch watch{tiny()};
    overflow();
    changes->add("ifb", "ifb0");
    watch.until_complete();
    watch.until_true();
    EXPECT_GE(losses(watch, Cause::overrun), 1u);
    EXPECT_TRUE(watch.losses().empty());
}

// Others: call it a rename of the link that is gone, and keep its address.
TEST_F(Loss, HidesThatAnIndexIsAnotherLinksNow) {
    changes->add_veth("v0", "v1", 77);
    changes->add_address("v0", "2001:db8::1", 64);
    Watch watch{tiny()};
    watch.until_true();
    overflow();
    changes->remove("v0");
    changes->add("bridge", "br0", 77);
    changes->add_address("br0", "2001:db8::1", 64);  // equal in all but the link that it is on
    watch.forget();
    watch.until_repaired();
    EXPECT_TRUE(watch.was_told("derived removed 2001:db8::1 on v0 (link_removed)"));
    EXPECT_TRUE(watch.was_told("resync removed v0"));
    EXPECT_TRUE(watch.was_told("resync added br0"));
    EXPECT_TRUE(watch.was_told("resync added 2001:db8::1 on br0")) << "what is called repaired is";
    watch.until_true();
}

// Others: find the link up as before, and never say that it was down.
TEST_F(Loss, HidesFlapsWhichTheCountersTell) {
    changes->add_veth("v0", "v1");
    changes->up("v0");
    changes->up("v1");
    Watch watch{tiny()};
    watch.until_true();
    overflow();
    for (int i = 0; i < 2; ++i) {
        changes->down("v1");
        changes->up("v1");
    }
    // In whatever messages they are told: two of each.
    int ups = 0, downs = 0;
    watch.forget();
    watch.until_repaired();
    watch.until_true();
    for (const std::string& told : watch.told()) {
        if (told.find(" changed v0, missed ") == std::string::npos) continue;
        ups += told[told.find("missed ") + 7] - '0';
        downs += told[told.find(" up ") + 4] - '0';
    }
    EXPECT_EQ(ups, 2);
    EXPECT_EQ(downs, 2);
}

}  // namespace
}  // namespace nlwatch::test
