// Conversations: what becomes of readers whose sink gives up on records, and of views that go on behind a gap
// without a snapshot.
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
using test::Served;
using test::ServedFromALittleRing;
using test::types;
using test::whole_snapshot;
using Types = std::vector<std::string>;

struct GivenUp : Served {
    void give_up(Feed& feed, std::uint64_t from, std::uint64_t to) const {
        feed.give_up(from, to, world.now().monotonic);
    }
};
struct GivenUpFromALittleRing : ServedFromALittleRing {};

const Types another_snapshot{"snapshot.begin", "link.added", "link.added", "address.added", "snapshot.end"};

Request events() {
    Request request;
    request.snapshot = false;
    return request;
}
Request once_a_snapshot() {
    Request request;
    request.snapshot_after_gap = false;
    return request;
}

// A reload came while a sink had records in hand, and made a snapshot due; then it gave up on them.
TEST_F(GivenUp, BeforeASnapshotThatIsDueThePlaceGoesBack) {
    Request request;
    request.since = at(2);
    request.anew = true;
    world.churn(2, 4);
    Feed feed(world.backlog, request);
    EXPECT_EQ(next(feed, world).type, "hello");
    EXPECT_TRUE(feed.owes_snapshot());
    EXPECT_EQ(feed.position(), at(2));
    give_up(feed, 2, 2);
    EXPECT_EQ(feed.position(), at(1)) << "who comes back from there misses nothing that was lost";
    EXPECT_TRUE(feed.owes_snapshot());
    const std::vector<Line> lines = all(feed, world);
    EXPECT_EQ(member(lines.at(0).text, "from"), "2");
    EXPECT_EQ(member(lines.at(0).text, "to"), "4");
    EXPECT_EQ(types({lines.begin() + 1, lines.end()}), another_snapshot);
    EXPECT_FALSE(feed.owes_snapshot());
    EXPECT_EQ(feed.position(), at(4));
}

TEST_F(GivenUp, AViewIsToldAndStartsAgain) {
    Feed feed(world.backlog, {});
    Fold fold;
    EXPECT_EQ(fold.read(all(feed, world)), "");
    world.churn(2, 2);
    EXPECT_EQ(fold.read(all(feed, world)), "");
    world.churn(2, 3);
    all(feed, world);  // lost
    world.churn(2, 1);
    give_up(feed, 3, 5);
    EXPECT_EQ(feed.position(), at(2)) << "who comes back from there misses nothing that was lost";
    const std::vector<Line> lines = all(feed, world);
    EXPECT_EQ(types(lines).front(), "gap");
    EXPECT_EQ(member(lines[0].text, "reason"), "expired");
    EXPECT_EQ(member(lines[0].text, "from"), "3");
    EXPECT_EQ(member(lines[0].text, "to"), "6");
    EXPECT_EQ(fold.read(lines), "");
    EXPECT_EQ(fold.objects(), objects_of(world, {}));
    EXPECT_EQ(feed.gaps(), 1u);
}

TEST_F(GivenUp, AViewDoesNotStartAgainFromBeforeWhatItHasRead) {
    Feed feed(world.backlog, {});
    all(feed, world);
    world.churn(2, 2);
    world.backlog.snapshot(world.now().monotonic);  // of another reader: young enough to be shared
    world.churn(2, 2);
    all(feed, world);
    give_up(feed, 4, 4);
    EXPECT_EQ(next(feed, world).position, at(4));
}

TEST_F(GivenUp, AFeedOfEventsGoesOnBehindWhatWasLost) {
    Feed feed(world.backlog, events());
    EXPECT_EQ(types(all(feed, world)), (Types{"hello"}));
    world.churn(2, 5);
    for (int i = 0; i < 3; ++i) next(feed, world);
    give_up(feed, 2, 3);
    const std::vector<Line> lines = all(feed, world);
    ASSERT_EQ(types(lines), (Types{"gap", "link.changed", "link.changed"}));
    EXPECT_EQ(member(lines[0].text, "from"), "2");
    EXPECT_EQ(member(lines[0].text, "to"), "3");
    EXPECT_EQ(lines[1].position, at(4));
    EXPECT_EQ(feed.position(), at(5));
}

TEST_F(GivenUp, WhatWasHandedOutBehindTheLossIsReadOnceMore) {
    Feed feed(world.backlog, events());
    all(feed, world);
    world.churn(2, 5);
    all(feed, world);
    give_up(feed, 2, 3);
    const std::vector<Line> lines = all(feed, world);
    ASSERT_EQ(types(lines), (Types{"gap", "link.changed", "link.changed"}));
    EXPECT_EQ(member(lines[0].text, "to"), "3");
    EXPECT_EQ(lines[1].position, at(4));
}

TEST_F(GivenUp, AGapThatIsNotToldYetKeepsItsBeginning) {
    Feed feed(world.backlog, events());
    all(feed, world);
    world.churn(2, 6);
    all(feed, world);
    give_up(feed, 2, 5);
    EXPECT_EQ(feed.position(), at(1));
    give_up(feed, 3, 5);
    EXPECT_EQ(feed.position(), at(1));
    const std::vector<Line> lines = all(feed, world);
    ASSERT_EQ(types(lines), (Types{"gap", "link.changed"}));
    EXPECT_EQ(member(lines[0].text, "from"), "2");
    EXPECT_EQ(member(lines[0].text, "to"), "5");
}

TEST_F(GivenUp, ALostSnapshotBeginsAgainWithoutAGap) {
    Feed feed(world.backlog, {});
    world.churn(2, 2);
    const std::vector<Line> lines = all(feed, world);
    give_up(feed, 3, 2);
    const std::vector<Line> again = all(feed, world);
    ASSERT_EQ(types(again), another_snapshot);
    for (std::size_t i = 0; i < again.size(); ++i) EXPECT_EQ(again[i].text, lines[i + 1].text);
    EXPECT_EQ(feed.gaps(), 0u);
}

TEST_F(GivenUp, ALostSnapshotThatBeginsAgainLaterIsAGap) {
    Feed feed(world.backlog, {});
    world.churn(2, 2);
    for (int i = 0; i < 3; ++i) next(feed, world);  // into its rows
    world.churn(2, 2);
    world.pass(std::chrono::seconds{2});
    give_up(feed, 3, 2);
    EXPECT_EQ(feed.position(), std::nullopt) << "it never had a snapshot";
    const std::vector<Line> lines = all(feed, world);
    ASSERT_EQ(lines.size(), 1 + another_snapshot.size());
    EXPECT_EQ(member(lines[0].text, "from"), "3");
    EXPECT_EQ(member(lines[0].text, "to"), "4");
    EXPECT_EQ(lines[1].position, at(4));
}

TEST_F(GivenUpFromALittleRing, WhatTheTailHasPassedMeanwhileIsPartOfTheGap) {
    Feed feed(world.backlog, events());
    all(feed, world);
    world.churn(2, 3);
    all(feed, world);
    feed.give_up(2, 3, world.now().monotonic);
    overtake(10);
    const std::vector<Line> lines = all(feed, world);
    ASSERT_EQ(lines.size(), 1 + world.backlog.ring().records());
    EXPECT_EQ(member(lines[0].text, "from"), "2");
    EXPECT_EQ(member(lines[0].text, "to"), std::to_string(oldest() - 1));
    EXPECT_EQ(member(lines[0].text, "reason"), "expired");
}

TEST_F(GivenUpFromALittleRing, WhoHadItsSnapshotGoesOnWithTheOldestIfItWantsNoOther) {
    Feed feed(world.backlog, once_a_snapshot());
    EXPECT_EQ(types(all(feed, world)), whole_snapshot);
    overtake(3);
    const std::vector<Line> lines = all(feed, world);
    ASSERT_EQ(lines.size(), 1 + world.backlog.ring().records());
    EXPECT_EQ(lines[0].type, "gap");
    EXPECT_EQ(member(lines[0].text, "from"), "1");
    EXPECT_EQ(member(lines[0].text, "to"), std::to_string(oldest() - 1));
    EXPECT_EQ(lines[1].position, at(oldest()));
}

TEST_F(GivenUpFromALittleRing, WhoIsOvertakenWithinItsFirstSnapshotGetsItAllTheSame) {
    Feed feed(world.backlog, once_a_snapshot());
    for (int i = 0; i < 3; ++i) next(feed, world);
    overtake(0);
    const std::vector<Line> lines = all(feed, world);
    ASSERT_EQ(lines.size(), 1 + another_snapshot.size());
    EXPECT_EQ(lines[0].type, "gap");
    EXPECT_EQ(lines.back().type, "snapshot.end");
}

TEST_F(GivenUpFromALittleRing, WhoComesBackHasHadItsSnapshot) {
    overtake(3);
    Request request = once_a_snapshot();
    request.since = at(2);
    Feed feed(world.backlog, request);
    const std::vector<Line> lines = all(feed, world);
    ASSERT_EQ(lines.size(), 2 + world.backlog.ring().records());
    EXPECT_EQ(types(lines)[1], "gap");
    EXPECT_EQ(lines[2].position, at(oldest()));
}

TEST_F(GivenUp, WhoGoesOnWithoutASnapshotReadsAReloadAsARecord) {
    Feed feed(world.backlog, once_a_snapshot());
    all(feed, world);
    world.backlog.reload(interfaces({"eth*"}), world.now());
    world.churn(2, 1);
    EXPECT_EQ(types(all(feed, world)), (Types{"reload", "link.changed"}));
}

TEST_F(GivenUp, AFirstSnapshotThatWasLostComesThoughNoOtherIsWanted) {
    Feed feed(world.backlog, once_a_snapshot());
    all(feed, world);
    give_up(feed, 1, 0);
    EXPECT_EQ(types(all(feed, world)), another_snapshot);
    world.churn(2, 1);
    all(feed, world);
    give_up(feed, 1, 1);
    EXPECT_EQ(types(all(feed, world)), (Types{"gap"}));
}

TEST_F(GivenUp, ALineOfARecordSaysWhatIsKnownOfIt) {
    Feed feed(world.backlog, {});
    while (const auto line = feed.next(world.now())) EXPECT_EQ(line->entry, nullptr) << line->type;
    world.pass(std::chrono::seconds{5});
    world.link(2, "eth2", "", 1500, false);
    world.pass(std::chrono::seconds{5});
    const auto line = feed.next(world.now());
    ASSERT_TRUE(line && line->entry);
    EXPECT_EQ(line->entry->ifindex, 2u);
    EXPECT_EQ(line->entry->learnt, world.now().monotonic - std::chrono::seconds{5});
    EXPECT_TRUE(line->entry->transitions & record::transition::state_down);
}

}  // namespace
}  // namespace nlwatch::backlog
