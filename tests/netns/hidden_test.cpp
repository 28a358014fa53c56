// What happened while nothing was heard, and what others make of it: each test has the wrong result in the
// line above it. A link under the index of one of another kind, and flaps: see loss_test.cpp.
#include "netns/blind.hpp"

namespace nlwatch::test {
namespace {

using Hidden = Blind;

// Others: find the name that they know, and keep the old link's index and addresses.
TEST_F(Hidden, ALinkOfTheSameName) {
    changes->add("ifb", "ifb0", 77);
    changes->add_address("ifb0", "192.0.2.1", 24);
    Watch watch{tiny()};
    watch.until_true();
    overflow();
    changes->remove("ifb0");
    changes->add("ifb", "ifb0", 78);
    changes->add_address("ifb0", "192.0.2.1", 24);
    watch.forget();
    watch.until_repaired();
    watch.until_true();
    EXPECT_TRUE(watch.was_told("resync removed ifb0"));
    EXPECT_TRUE(watch.was_told("resync removed 192.0.2.1 on ifb0"));
    EXPECT_TRUE(watch.was_told("resync added ifb0"));
    EXPECT_TRUE(watch.was_told("resync added 192.0.2.1 on ifb0"));
    EXPECT_FALSE(watch.table().find(rtnl::link_key(77)));
}

// Others: call it a change of the link that is gone. Only the carrier counters show that it is another.
TEST_F(Hidden, ALinkOfTheSameNameKindAndIndex) {
    changes->add_veth("v0", "v1", 77);
    changes->up("v0");
    for (int flap = 0; flap < 2; ++flap) {
        changes->up("v1");
        changes->down("v1");
    }
    changes->add_address("v0", "192.0.2.1", 24);
    Watch watch{tiny()};
    watch.until_true();
    overflow();
    changes->remove("v0");
    changes->add_veth("v0", "v1", 77);
    changes->add_address("v0", "192.0.2.1", 24);
    watch.forget();
    watch.until_repaired();
    watch.until_true();
    EXPECT_TRUE(watch.was_told("derived removed 192.0.2.1 on v0 (link_removed)"));
    EXPECT_TRUE(watch.was_told("resync removed v0"));
    EXPECT_TRUE(watch.was_told("resync added v0"));
    EXPECT_TRUE(watch.was_told("resync added 192.0.2.1 on v0"));
    EXPECT_FALSE(watch.was_told("resync changed v0"));
}

// Others: know addresses by themselves, and leave it where it was, or lose it with its farewell there.
TEST_F(Hidden, AnAddressThatMovesToAnotherLink) {
    changes->add("ifb", "ifb0");
    changes->add("ifb", "ifb1");
    changes->add_address("ifb0", "192.0.2.1", 24);
    Watch watch{tiny()};
    watch.until_true();
    const auto move = [&](std::string_view from, std::string_view to) {
        changes->remove_address(from, "192.0.2.1", 24);
        changes->add_address(to, "192.0.2.1", 24);
        watch.forget();
    };
    overflow();
    move("ifb0", "ifb1");
    watch.until_repaired();
    watch.until_true();
    EXPECT_TRUE(watch.was_told("resync removed 192.0.2.1 on ifb0"));
    EXPECT_TRUE(watch.was_told("resync added 192.0.2.1 on ifb1"));
}

// … and in sight: in the old place first, since that is how the kernel says it. Added to the new place first,
// it is in both for a while.
TEST_F(Hidden, AnAddressThatMovesInSight) {
    changes->add("ifb", "ifb0");
    changes->add("ifb", "ifb1");
    changes->add_address("ifb0", "192.0.2.1", 24);
    Watch watch;
    watch.until_true();
    watch.forget();
    changes->remove_address("ifb0", "192.0.2.1", 24);
    changes->add_address("ifb1", "192.0.2.1", 24);
    watch.until_told("live added 192.0.2.1 on ifb1");
    EXPECT_EQ(watch.told(), (Words{"live removed 192.0.2.1 on ifb0", "live added 192.0.2.1 on ifb1"}));
    watch.until_true();
    watch.forget();
    changes->add_address("ifb0", "192.0.2.1", 24);
    changes->remove_address("ifb1", "192.0.2.1", 24);
    watch.until_told("live removed 192.0.2.1 on ifb1");
    EXPECT_EQ(watch.told(), (Words{"live added 192.0.2.1 on ifb0", "live removed 192.0.2.1 on ifb1"}));
    watch.until_true();
}

}  // namespace
}  // namespace nlwatch::test
