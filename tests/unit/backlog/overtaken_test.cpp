// Conversations: what becomes of readers while the ring goes on. Overtaken, reloaded, within a snapshot, far
// behind.
#include "backlog/feed.hpp"

#include "served.hpp"

namespace nlwatch::backlog {
namespace {

using test::all;
using test::event_feed;
using test::Fold;
using test::interfaces;
using test::Line;
using test::member;
using test::next;
using test::objects_of;
using test::scoped;
using test::Served;
using test::ServedFromALargeRing;
using test::ServedFromALittleRing;
using test::types;
using test::whole_snapshot;
using Types = std::vector<std::string>;

TEST_F(Served, ASnapshotIsExactAndEverythingLaterFollowsIt) {
    Feed feed(world.backlog, {});
    std::vector<Line> lines;
    for (int i = 0; i < 3; ++i) lines.push_back(next(feed, world));  // hello, begin, lo
    world.link(2, "eth2", "", 9000);
    world.remove_link(1);
    world.link(3, "eth3");
    const std::vector<Line> rest = all(feed, world);
    lines.insert(lines.end(), rest.begin(), rest.end());
    EXPECT_EQ(types(lines), (Types{"hello", "snapshot.begin", "link.added", "link.added", "address.added",
                                   "snapshot.end", "link.changed", "link.removed", "link.added"}));
    Fold fold;
    EXPECT_EQ(fold.read(lines), "");
    EXPECT_EQ(fold.objects(), objects_of(world, {}));
}

TEST_F(ServedFromALittleRing, WhoIsOvertakenGetsAGapAndASnapshot) {
    Feed feed(world.backlog, {});
    Fold fold;
    EXPECT_EQ(fold.read(all(feed, world)), "");
    world.churn(2, 2);
    EXPECT_EQ(fold.read(all(feed, world)), "");
    overtake(2);
    EXPECT_EQ(feed.gaps(), 0u);
    const std::vector<Line> lines = all(feed, world);
    EXPECT_EQ(types(lines),
              (Types{"gap", "snapshot.begin", "link.added", "link.added", "address.added", "snapshot.end"}));
    EXPECT_EQ(member(lines[0].text, "reason"), "slow_reader");
    EXPECT_EQ(member(lines[0].text, "from"), "3");
    EXPECT_EQ(member(lines[0].text, "to"), std::to_string(world.backlog.head()));
    EXPECT_EQ(fold.read(lines), "");
    EXPECT_EQ(fold.objects(), objects_of(world, {}));
    EXPECT_EQ(feed.gaps(), 1u);
}

// A sink's own filter is another since a reload: what it has in hand may hold what is not its any more.
TEST_F(Served, AViewOfAnotherScopeStartsAgainFromASnapshot) {
    Fold fold(true);
    Feed before(world.backlog, scoped(interfaces({"eth1"})));
    EXPECT_EQ(fold.read(all(before, world)), "");
    Request request = scoped(interfaces({"eth2"}));
    request.since = before.position();
    request.anew = true;

    Feed at_once(world.backlog, request);
    EXPECT_EQ(next(at_once, world).type, "hello");
    EXPECT_EQ(at_once.position(), before.position()) << "whoever goes on from here misses nothing";
    Fold other = fold;
    const std::vector<Line> rows = all(at_once, world);
    EXPECT_EQ(rows.front().type, "snapshot.begin") << "nothing is missing that has a number";
    EXPECT_EQ(other.read(rows), "");
    EXPECT_EQ(other.objects(), objects_of(world, {interfaces({"eth2"})}));

    world.churn(2, 3);
    Feed later(world.backlog, request);
    EXPECT_EQ(next(later, world).type, "hello");
    const std::vector<Line> lines = all(later, world);
    EXPECT_EQ(types(lines).front(), "gap");
    EXPECT_EQ(member(lines[0].text, "reason"), "reload");
    EXPECT_EQ(member(lines[0].text, "from"), std::to_string(before.position()->seq + 1));
    EXPECT_EQ(member(lines[0].text, "to"), std::to_string(world.backlog.head()));
    EXPECT_EQ(fold.read(lines), "");
    EXPECT_EQ(fold.objects(), objects_of(world, {interfaces({"eth2"})}));
}

TEST_F(Served, AFeedOfEventsOfAnotherScopeGoesOn) {
    Feed before(world.backlog, event_feed({"link.*"}));
    all(before, world);
    world.churn(2, 2);
    Request request = event_feed({"*.changed"});
    request.since = before.position();
    request.anew = true;
    Feed feed(world.backlog, request);
    EXPECT_EQ(types(all(feed, world)), (Types{"hello", "link.changed", "link.changed"}));
}

TEST_F(ServedFromALittleRing, WhoIsOvertakenWithinASnapshotStartsAgain) {
    Feed feed(world.backlog, {});
    Fold fold;
    for (int i = 0; i < 3; ++i) EXPECT_EQ(fold.read(next(feed, world)), "");
    EXPECT_EQ(feed.position(), std::nullopt);
    overtake(0);
    const std::vector<Line> lines = all(feed, world);
    EXPECT_EQ(types(lines),
              (Types{"gap", "snapshot.begin", "link.added", "link.added", "address.added", "snapshot.end"}));
    EXPECT_EQ(member(lines[0].text, "from"), "1");
    EXPECT_EQ(fold.read(lines), "");
    EXPECT_EQ(fold.objects(), objects_of(world, {}));
}

TEST_F(ServedFromALittleRing, WhoIsOvertakenBeforeItsGapIsToldGetsOneGap) {
    overtake(3);
    Feed feed(world.backlog, since(2));
    EXPECT_EQ(next(feed, world).type, "hello");
    overtake(world.backlog.head());
    const Line gap = next(feed, world);
    EXPECT_EQ(gap.type, "gap");
    EXPECT_EQ(member(gap.text, "from"), "3");
    EXPECT_EQ(member(gap.text, "reason"), "expired");
    EXPECT_EQ(member(gap.text, "to"), std::to_string(world.backlog.head()));
    EXPECT_EQ(next(feed, world).type, "snapshot.begin");
}

TEST_F(ServedFromALittleRing, AnEventFeedThatIsOvertakenGoesOnWithTheOldest) {
    Feed feed(world.backlog, event_feed({"link.*"}));
    EXPECT_EQ(types(all(feed, world)), (Types{"hello"}));
    overtake(0);
    const std::vector<Line> lines = all(feed, world);
    ASSERT_EQ(lines.size(), 1 + world.backlog.ring().records());
    EXPECT_EQ(lines[0].type, "gap");
    EXPECT_EQ(member(lines[0].text, "from"), "1");
    EXPECT_EQ(member(lines[0].text, "to"), std::to_string(oldest() - 1));
    EXPECT_EQ(lines[1].position, at(oldest()));
}

TEST_F(ServedFromALittleRing, ARecordTooLargeForTheRingOvertakesEverybody) {
    Feed feed(world.backlog, {});
    EXPECT_EQ(types(all(feed, world)), whole_snapshot);
    world.backlog.frame(record::Entry::Frame::resync_begin, ",\"cause\":\"" + std::string(9000, 'x') + "\"",
                        world.now());
    const std::vector<Line> lines = all(feed, world);
    ASSERT_EQ(types(lines).front(), "gap");
    EXPECT_EQ(member(lines[0].text, "from"), "1");
    EXPECT_EQ(member(lines[0].text, "to"), "1");
    EXPECT_EQ(lines.back().type, "snapshot.end");
}

TEST_F(Served, AReloadStartsViewsAgain) {
    world.link(3, "veth3");
    Feed feed(world.backlog, {});
    Fold fold;
    EXPECT_EQ(fold.read(all(feed, world)), "");
    world.backlog.reload(interfaces({"eth*"}), world.now());
    world.churn(2, 1);
    const std::vector<Line> lines = all(feed, world);
    ASSERT_EQ(types(lines), (Types{"gap", "snapshot.begin", "link.added", "address.added", "snapshot.end"}));
    EXPECT_EQ(member(lines[0].text, "reason"), "reload");
    EXPECT_EQ(member(lines[0].text, "from"), "2");
    EXPECT_EQ(member(lines[0].text, "to"), "3");
    EXPECT_EQ(fold.read(lines), "");
    EXPECT_EQ(fold.objects(), objects_of(world, {}));
}

TEST_F(Served, AReloadStartsViewsAgainThatComeBackFromBeforeIt) {
    world.churn(2, 2);
    world.backlog.reload(interfaces({"eth*"}), world.now());
    Feed feed(world.backlog, since(1));
    const std::vector<Line> lines = all(feed, world);
    ASSERT_EQ(types(lines),
              (Types{"hello", "gap", "snapshot.begin", "link.added", "address.added", "snapshot.end"}));
    EXPECT_EQ(member(lines[1].text, "reason"), "reload");
    EXPECT_EQ(member(lines[1].text, "from"), "2");
    EXPECT_NE(member(lines[0].text, "published"), std::nullopt);

    Feed behind(world.backlog, since(3));
    EXPECT_EQ(types(all(behind, world)), (Types{"hello"}));
}

TEST_F(Served, AReloadIsARecordToThoseWhoDoNotFold) {
    Request request;
    request.snapshot = false;
    Feed whole(world.backlog, request);
    Feed events(world.backlog, event_feed({"reload"}));
    Feed others(world.backlog, event_feed({"link.*"}));
    for (Feed* feed : {&whole, &events, &others}) EXPECT_EQ(types(all(*feed, world)), (Types{"hello"}));
    world.backlog.reload(interfaces({"eth*"}), world.now());
    world.churn(2, 1);
    EXPECT_EQ(types(all(whole, world)), (Types{"reload", "link.changed"}));
    EXPECT_EQ(types(all(events, world)).front(), "reload");
    EXPECT_EQ(types(all(others, world)), (Types{"link.changed"}));
}

TEST_F(Served, FramesPassEveryScope) {
    Feed feed(world.backlog, scoped(interfaces({"nothing"})));
    EXPECT_EQ(types(all(feed, world)), (Types{"hello", "snapshot.begin", "snapshot.end"}));
    world.backlog.frame(record::Entry::Frame::resync_begin, ",\"resync\":1", world.now());
    world.backlog.frame(record::Entry::Frame::resync_end, ",\"resync\":1", world.now());
    EXPECT_EQ(types(all(feed, world)), (Types{"resync.begin", "resync.end"}));
}

TEST_F(ServedFromALittleRing, APositionIsWhatWasDeliveredWhole) {
    Feed feed(world.backlog, {});
    while (next(feed, world).type != "snapshot.end") EXPECT_EQ(feed.position(), std::nullopt);
    EXPECT_EQ(feed.position(), at(0));
    world.churn(2, 2);
    all(feed, world);
    EXPECT_EQ(feed.position(), at(2));
    overtake(2);
    EXPECT_EQ(next(feed, world).type, "gap");
    EXPECT_EQ(feed.position(), at(2)) << "what the gap announces is not there yet";
    const std::uint64_t head = world.backlog.head();
    all(feed, world);
    EXPECT_EQ(feed.position(), at(head));
}

TEST_F(ServedFromALargeRing, HiddenRecordsAndRowsAreLookedAtInSlices) {
    for (std::uint32_t i = 0; i < 3000; ++i) world.link(1000 + i, "veth" + std::to_string(i), "veth");
    world.link(9000, "last");
    Feed feed(world.backlog, scoped(interfaces({"last"})));
    EXPECT_EQ(next(feed, world).type, "hello");
    EXPECT_EQ(next(feed, world).type, "snapshot.begin");
    int slices = 0;
    std::string type;
    while ((type = next(feed, world).type).empty()) {
        ASSERT_TRUE(feed.behind());
        ++slices;
    }
    EXPECT_EQ(type, "link.added");
    EXPECT_GE(slices, 2);
    all(feed, world);

    world.churn(2, 3000);
    world.link(9000, "last", "", 9000);
    slices = 0;
    while ((type = next(feed, world).type).empty()) {
        ASSERT_TRUE(feed.behind());
        ++slices;
    }
    EXPECT_EQ(type, "link.changed");
    EXPECT_GE(slices, 2);
}

TEST_F(ServedFromALargeRing, WhoHasCaughtUpHasAWholeTurnAgain) {
    Feed feed(world.backlog, scoped(interfaces({"lo"})));
    for (int turn = 0; turn < 5; ++turn) {
        world.churn(2, 900);
        for (std::string type = "any"; !type.empty();) type = next(feed, world).type;
        EXPECT_FALSE(feed.behind());
    }
}

TEST_F(Served, ASnapshotThatIsDeliveredIsLetGo) {
    Feed feed(world.backlog, {});
    EXPECT_EQ(next(feed, world).type, "hello");
    const std::weak_ptr<const Snapshot> held = world.backlog.snapshot(world.now().monotonic);
    world.pass(std::chrono::seconds{2});
    world.churn(2, 1);
    EXPECT_FALSE(held.expired()) << "it is being read";
    all(feed, world);
    EXPECT_TRUE(held.expired());
}

}  // namespace
}  // namespace nlwatch::backlog
