// What the kernel says itself: the first pass, and every kind of change while nothing is lost.
#include "netns/on_a_kernel.hpp"

namespace nlwatch::test {
namespace {

using Following = OnAKernel;

TEST_F(Following, LearnsWhatIsThere) {
    changes->up("lo");
    changes->add_veth("v0", "v1");
    changes->add("bridge", "br0");
    changes->add("ifb", "ifb0");
    changes->add_macvlan("mac0", "v1");
    changes->set_master("v0", "br0");
    changes->set_alias("ifb0", "a \"quoted\" alias");
    changes->add_altnames("v1", {"first-of-the-other-names", "second"});
    changes->add_address("br0", "192.0.2.1", 24);
    changes->add_address("br0", "192.0.2.1", 25);
    changes->add_address("br0", "2001:db8::1", 64);
    Watch watch;
    watch.until_complete();
    EXPECT_EQ(watch.completions(), 1);
    EXPECT_TRUE(watch.losses().empty());
    watch.until_true();
    EXPECT_EQ(watch.table().size(rtnl::Kind::link), 6u);
    EXPECT_EQ(watch.table().find(rtnl::link_key(changes->index("v0")))->name_of(changes->index("br0")),
              "br0");
}

TEST_F(Following, LearnsAnEmptyNamespace) {
    Watch watch;
    watch.until_true();
    EXPECT_EQ(watch.table().size(), 1u);
}

TEST_F(Following, TellsEveryChange) {
    changes->up("lo");
    Watch watch;
    watch.until_true();

    changes->add_veth("v0", "v1");
    watch.until_told("live added v1");
    watch.until_told("live added v0");
    changes->add("bridge", "br0");
    watch.until_told("live added br0");
    changes->add_macvlan("mac0", "v1");
    watch.until_told("live added mac0");

    changes->add_address("v0", "192.0.2.1", 24);
    watch.until_told("live added 192.0.2.1 on v0");
    changes->add_address("v0", "2001:db8::1", 64);
    watch.until_told("live added 2001:db8::1 on v0");
    changes->remove_address("v0", "192.0.2.1", 24);
    watch.until_told("live removed 192.0.2.1 on v0");

    const auto one = [&](auto&& change) {
        watch.until_true();  // what is still to come of the last one
        watch.forget();
        change();
    };
    one([&] { changes->up("v0"); });
    watch.until_told("live changed v0");
    one([&] { changes->up("v1"); });  // and v0 gets its carrier
    watch.until_told("live changed v1");
    watch.until_told("live changed v0");
    one([&] { changes->set_mtu("br0", 1'400); });
    watch.until_told("live changed br0");
    one([&] { changes->up("br0"); });  // or alias and altnames would change in silence
    watch.until_told("live changed br0");
    one([&] { changes->set_alias("br0", "up\nlink"); });
    watch.until_told("live changed br0");
    one([&] { changes->add_altnames("br0", {"bridge0"}); });
    watch.until_told("live changed br0");
    one([&] { changes->set_master("v0", "br0"); });
    watch.until_told("live changed v0");
    one([&] { changes->remove("v1"); });  // both ends, and what is on them
    watch.until_told("live removed mac0");
    watch.until_told("live removed v1");
    watch.until_told("live removed v0");
    watch.until_told("live removed 2001:db8::1 on v0");
    watch.until_true();

    const auto& counters = watch.follower().counters();
    EXPECT_TRUE(watch.losses().empty());
    EXPECT_EQ(counters.forged, 0u);
    for (const std::uint64_t malformed : counters.malformed) EXPECT_EQ(malformed, 0u);
    EXPECT_GE(counters.messages[static_cast<std::size_t>(kernel::Follower::Message::del_link)], 3u);
    EXPECT_EQ(watch.follower().state().counters().orphans, 0u);
}

TEST_F(Following, ARenameIsOneChangeAndThoseWhoCarryTheNameFollow) {
    changes->add("bridge", "br0");
    changes->add_veth("v0", "v1");
    changes->set_master("v0", "br0");
    changes->add_address("br0", "192.0.2.1", 24);
    Watch watch;
    watch.until_true();
    const std::uint32_t bridge = changes->index("br0"), port = changes->index("v0");
    watch.forget();
    changes->rename("br0", "br-lan");
    watch.until_told("derived changed v0");
    EXPECT_TRUE(watch.was_told("live changed br-lan"));
    EXPECT_TRUE(watch.was_told("derived changed 192.0.2.1 on br-lan"));
    EXPECT_FALSE(watch.was_told("live removed br0"));
    EXPECT_EQ(watch.table().find(rtnl::link_key(port))->name_of(bridge), "br-lan");
    watch.until_true();
}

// Others: take the port for deleted. RTM_DELLINK of AF_BRIDGE says that a port left, not that a link went.
TEST_F(Following, APortThatLeavesItsBridgeIsNotDeleted) {
    changes->add("bridge", "br0");
    changes->up("br0");
    changes->add_veth("v0", "v1");
    changes->up("v0");
    changes->set_master("v0", "br0");
    Watch watch;
    watch.until_true();
    const std::uint32_t port = changes->index("v0");
    const auto ignored = [&] {
        return watch.follower().counters().ignored[static_cast<std::size_t>(rtnl::Ignored::bridge_port)];
    };
    const std::uint64_t before = ignored();
    watch.forget();
    changes->set_master("v0", "");
    watch.until_told("live changed v0");
    watch.until("the port's farewell", [&] { return ignored() > before; });
    watch.until_true();
    EXPECT_FALSE(watch.was_told("live removed v0"));
    EXPECT_EQ(as_link(*watch.table().find(rtnl::link_key(port)))->master, 0u);
}

// Others: take it for deleted, or keep what was on it.
TEST_F(Following, ALinkMovesToAnotherNamespaceAndBack) {
    changes->add_veth("v0", "v1");
    changes->add_address("v1", "192.0.2.1", 24);
    Watch watch;
    watch.until_true();
    const Namespace there;
    changes->move("v1", there);
    watch.until_told("live removed v1 (moved_netns)");
    EXPECT_TRUE(watch.was_told("live removed 192.0.2.1 on v1"));
    watch.until_true();

    there.enter();
    Changes changes_there;
    here->enter();
    watch.forget();
    changes_there.move("v1", *here);
    watch.until_told("live added v1");
    watch.until_true();
}

// Behind a barrier, in the midst of a dump, of settling: nothing may be left waiting, or the destructor never
// ends.
TEST_F(Following, MayBeStoppedAtAnyStep) {
    changes->add("ifb", "ifb0");
    for (int n = 0; n < 200; ++n) changes->add_address("ifb0", "10.0.0." + std::to_string(n), 32);
    kernel::Follower::Options small_turns;
    small_turns.turn_bytes = 2'048;
    bool complete = false;
    int steps = 0;
    for (; !complete; ++steps) {
        Watch watch{small_turns};
        int left = steps;
        watch.until("so many steps", [&] {
            complete = watch.follower().sync().complete();
            return complete || left-- == 0;
        });
    }
    EXPECT_GT(steps, 15);
}

// Others: read with 32 or 64 KiB, and miss it. Beyond 64 KiB in one message: 490 names of 127 bytes.
TEST_F(Following, ALinkWithHundredsOfNamesFitsOneMessage) {
    changes->add("ifb", "ifb0");
    changes->up("ifb0");  // or its alias would change in silence
    for (int batch = 0; batch < 7; ++batch) {
        std::vector<std::string> names;
        for (int i = 0; i < 70; ++i) {
            std::string name = "name-" + std::to_string(batch * 70 + i) + "-";
            names.push_back(name + std::string(127 - name.size(), 'x'));
        }
        changes->add_altnames("ifb0", names);
    }
    Watch watch;
    watch.until_true();  // by a dump
    const std::uint32_t ifindex = changes->index("ifb0");
    ASSERT_EQ(as_link(*watch.table().find(rtnl::link_key(ifindex)))->altnames.size(), 490u);
    const std::uint64_t bytes = watch.follower().counters().bytes;
    watch.forget();
    changes->set_alias("ifb0", "a link of many names");
    watch.until_told("live changed ifb0");  // by an event
    EXPECT_GT(watch.follower().counters().bytes - bytes, 65'536u);
    watch.until_true();
    EXPECT_TRUE(watch.losses().empty());
}

}  // namespace
}  // namespace nlwatch::test
