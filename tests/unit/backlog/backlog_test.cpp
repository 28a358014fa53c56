#include "backlog/backlog.hpp"

#include <gtest/gtest.h>

#include "fold.hpp"
#include "world.hpp"

namespace nlwatch::backlog {
namespace {

using test::interfaces;
using test::member;
using test::World;

std::string line(const World& world, std::uint64_t seq) {
    return std::string(world.backlog.ring().line(seq));
}

TEST(Backlog, PublishesNothingBeforeItBegins) {
    World world;
    world.link(1, "lo");
    world.link(2, "eth2");
    world.backlog.frame(record::Entry::Frame::resync_begin, "", world.now());
    EXPECT_EQ(world.backlog.head(), 0u);
    world.backlog.begin();
    EXPECT_EQ(world.backlog.head(), 0u);
    EXPECT_EQ(world.backlog.snapshot(world.now().monotonic)->rows.size(), 2u);
    world.address(2, 10);
    EXPECT_EQ(world.backlog.head(), 1u);
    EXPECT_EQ(member(line(world, 1), "type"), "address.added");
    EXPECT_EQ(member(line(world, 1), "seq"), "1");
}

TEST(Backlog, CountsWhatItPublishesByKindOriginAndOp) {
    World world;
    world.backlog.begin();
    world.link(2, "eth2");
    world.link(2, "eth2", "", 9000);
    world.remove_link(2, state::Origin::audit);
    const auto& links = world.backlog.counters().events[0];
    EXPECT_EQ(links[static_cast<std::size_t>(state::Origin::live)], (std::array<std::uint64_t, 3>{1, 1, 0}));
    EXPECT_EQ(links[static_cast<std::size_t>(state::Origin::audit)], (std::array<std::uint64_t, 3>{0, 0, 1}));
    EXPECT_EQ(world.backlog.counters().last_event.monotonic, world.now().monotonic);
}

TEST(Backlog, GivesNoNumberToWhatIsOutsideOfThePublishedScope) {
    World world(1 << 20, interfaces({"eth*"}));
    world.backlog.begin();
    world.link(3, "veth3");
    world.link(3, "veth4");
    world.address(3, 10);
    world.remove_link(3);
    EXPECT_EQ(world.backlog.head(), 0u);
    EXPECT_EQ(world.backlog.counters().filtered, (std::array<std::uint64_t, 2>{3, 2}));
    world.link(2, "eth2");
    EXPECT_EQ(world.backlog.head(), 1u);
}

TEST(Backlog, PublishesWhatEntersItsScopeAsAddedAndWhatLeavesItAsRemoved) {
    World world(1 << 20, interfaces({"eth*"}));
    world.backlog.begin();
    world.link(3, "veth3");
    world.address(3, 10);
    world.link(3, "eth3");
    ASSERT_EQ(world.backlog.head(), 2u);
    EXPECT_EQ(member(line(world, 1), "type"), "link.added");
    EXPECT_EQ(member(line(world, 1), "before/ifname"), "veth3");
    EXPECT_EQ(member(line(world, 1), "object/ifname"), "eth3");
    EXPECT_EQ(member(line(world, 1), "reason"), std::nullopt);
    EXPECT_EQ(member(line(world, 2), "type"), "address.added");
    EXPECT_EQ(member(line(world, 2), "origin"), "derived");
    const record::Entry& entered = world.backlog.ring().entry(1);
    EXPECT_EQ(entered.op, state::Op::added);
    EXPECT_EQ(entered.before.ifname, "eth3");
    EXPECT_EQ(entered.after.ifname, "eth3");

    world.link(3, "veth3");
    ASSERT_EQ(world.backlog.head(), 4u);
    EXPECT_EQ(member(line(world, 3), "type"), "link.removed");
    EXPECT_EQ(member(line(world, 3), "reason"), "filter");
    EXPECT_EQ(member(line(world, 3), "object/ifname"), "veth3");
    EXPECT_EQ(world.backlog.ring().entry(3).before.ifname, "eth3");
    EXPECT_EQ(world.backlog.ring().entry(3).after.ifname, "eth3");
    EXPECT_EQ(member(line(world, 4), "type"), "address.removed");
}

TEST(Backlog, NumbersAReloadAndStartsViewsBehindIt) {
    World world;
    world.backlog.begin();
    world.link(2, "eth2");
    world.backlog.reload({}, world.now());
    EXPECT_EQ(world.backlog.head(), 1u) << "the same scope";
    world.backlog.reload(interfaces({"eth*"}), world.now());
    EXPECT_EQ(world.backlog.head(), 2u);
    EXPECT_EQ(member(line(world, 2), "type"), "reload");
    EXPECT_EQ(world.backlog.first_good(), 3u);
    EXPECT_EQ(world.backlog.ring().first_good(), 1u);
    EXPECT_EQ(world.backlog.counters().reloads, 1u);
}

TEST(Backlog, TakesAnotherScopeBeforeItBegins) {
    World world;
    world.backlog.reload(interfaces({"eth*"}), world.now());
    world.backlog.begin();
    world.link(3, "veth3");
    EXPECT_EQ(world.backlog.head(), 0u);
    EXPECT_EQ(world.backlog.first_good(), 1u);
}

TEST(Backlog, WritesNewTagsFromTheNextRecordOn) {
    World world;
    world.backlog.begin();
    world.link(2, "eth2");
    world.backlog.set_tags({{"site", "fra1"}});
    world.link(2, "eth2", "", 9000);
    EXPECT_EQ(member(line(world, 1), "tags/site"), std::nullopt);
    EXPECT_EQ(member(line(world, 2), "tags/site"), "fra1");
}

TEST(BacklogSnapshot, IsExactAsOfItsSeqWhateverComesLater) {
    World world;
    world.backlog.begin();
    world.link(2, "eth2");
    const auto before = world.backlog.snapshot(world.now().monotonic);
    world.link(3, "eth3");
    world.remove_link(2);
    EXPECT_EQ(before->seq, 1u);
    EXPECT_EQ(before->rows.size(), 1u);
    EXPECT_TRUE(before->rows.find(rtnl::link_key(2)));
}

TEST(BacklogSnapshot, IsSharedByReadersThatJoinTogether) {
    World world;
    world.backlog.begin();
    for (int i = 0; i < 10; ++i) world.link(2, "eth2", "", 1500u + i % 2);
    const auto first = world.backlog.snapshot(world.now().monotonic);
    world.link(3, "eth3");
    EXPECT_EQ(world.backlog.snapshot(world.now().monotonic), first);
    world.pass(std::chrono::seconds{2});
    EXPECT_NE(world.backlog.snapshot(world.now().monotonic), first);
}

TEST(BacklogSnapshot, SaysWhetherTheStateIsSettled) {
    World world;
    world.backlog.begin();
    EXPECT_FALSE(world.backlog.snapshot(world.now().monotonic)->settled);
    world.backlog.set_settled(true);
    EXPECT_TRUE(world.backlog.snapshot(world.now().monotonic)->settled);
}

TEST(BacklogSnapshot, IsNotKeptForNobody) {
    World world;
    world.backlog.begin();
    world.link(2, "eth2");
    const std::weak_ptr<const Snapshot> kept = world.backlog.snapshot(world.now().monotonic);
    EXPECT_FALSE(kept.expired());
    world.pass(std::chrono::seconds{2});
    world.link(3, "eth3");
    EXPECT_TRUE(kept.expired());
}

TEST(BacklogSnapshot, IsEmptiedOnceTheTailHasPassedIt) {
    World world(8192);
    world.backlog.begin();
    world.link(2, "eth2");
    const auto held = world.backlog.snapshot(world.now().monotonic);
    const std::weak_ptr<const state::Row> row = held->rows.find(rtnl::link_key(2));
    while (world.backlog.first_good() <= held->seq + 1) {
        EXPECT_EQ(held->rows.size(), 1u);
        world.churn(2, 1);
    }
    EXPECT_EQ(held->rows.size(), 0u);
    EXPECT_TRUE(row.expired()) << "a stuck reader pins no row";
}

TEST(BacklogSnapshot, IsEmptiedByAReload) {
    World world;
    world.backlog.begin();
    world.link(2, "eth2");
    const auto held = world.backlog.snapshot(world.now().monotonic);
    world.backlog.reload(interfaces({"eth*"}), world.now());
    EXPECT_EQ(held->rows.size(), 0u);
    EXPECT_EQ(world.backlog.snapshot(world.now().monotonic)->seq, 2u);
}

}  // namespace
}  // namespace nlwatch::backlog
