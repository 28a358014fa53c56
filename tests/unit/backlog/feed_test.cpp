// Conversations: what each reader gets that joins, the rows of "How a reader is served" in records.md.
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
using test::ServedFromALittleRing;
using test::types;
using test::whole_snapshot;
using test::World;
using Types = std::vector<std::string>;

TEST_F(Served, WhoAsksForNothingGetsHelloSnapshotAndLive) {
    world.churn(2, 3);
    Feed feed(world.backlog, {});
    const std::vector<Line> lines = all(feed, world);
    EXPECT_EQ(types(lines), whole_snapshot);
    for (const Line& line : lines) EXPECT_EQ(member(line.text, "seq"), "3");
    EXPECT_EQ(member(lines[0].text, "foldable"), std::nullopt) << "said only where it is not";
    EXPECT_EQ(member(lines[5].text, "settled"), "true");
    EXPECT_EQ(member(lines[5].text, "counts/link"), "2");
    EXPECT_EQ(member(lines[5].text, "counts/address"), "1");
    EXPECT_FALSE(feed.behind());
    world.link(3, "eth3");
    const std::vector<Line> live = all(feed, world);
    ASSERT_EQ(types(live), (Types{"link.added"}));
    EXPECT_EQ(live[0].text, world.backlog.ring().line(4));
}

TEST_F(Served, NobodyIsServedBeforeTheRunBegins) {
    World early;
    early.link(1, "lo");
    Feed feed(early.backlog, {});
    EXPECT_EQ(types(all(feed, early)), Types{});
    early.link(2, "eth2");
    EXPECT_EQ(types(all(feed, early)), Types{});
    early.backlog.begin();
    const std::vector<Line> lines = all(feed, early);
    EXPECT_EQ(types(lines), (Types{"hello", "snapshot.begin", "link.added", "link.added", "snapshot.end"}));
    EXPECT_EQ(member(lines[0].text, "seq"), "0");
}

TEST_F(Served, WithoutSnapshotHelloAndLive) {
    world.churn(2, 3);
    Request request;
    request.snapshot = false;
    Feed feed(world.backlog, request);
    const std::vector<Line> lines = all(feed, world);
    ASSERT_EQ(types(lines), (Types{"hello"}));
    EXPECT_EQ(member(lines[0].text, "seq"), "3");
    world.churn(2, 1);
    EXPECT_EQ(types(all(feed, world)), (Types{"link.changed"}));
}

TEST_F(Served, SinceAPositionGoesOnBehindIt) {
    world.churn(2, 5);
    Feed feed(world.backlog, since(3));
    const std::vector<Line> lines = all(feed, world);
    EXPECT_EQ(types(lines), (Types{"hello", "link.changed", "link.changed"}));
    EXPECT_EQ(member(lines[1].text, "seq"), "4");
    EXPECT_EQ(member(lines[0].text, "seq"), "3") << "seq never descends";
}

TEST_F(Served, SinceTheHeadIsOnlyLive) {
    world.churn(2, 5);
    Feed feed(world.backlog, since(5));
    EXPECT_EQ(types(all(feed, world)), (Types{"hello"}));
    world.churn(2, 1);
    EXPECT_EQ(types(all(feed, world)), (Types{"link.changed"}));
}

TEST_F(ServedFromALittleRing, SinceTheVeryLastMissingRecordIsStillAPosition) {
    overtake(3);
    Feed feed(world.backlog, since(oldest() - 1));
    const std::vector<Line> lines = all(feed, world);
    ASSERT_EQ(lines.size(), 1 + world.backlog.ring().records());
    EXPECT_EQ(lines[1].position, at(oldest()));
}

TEST_F(ServedFromALittleRing, SinceWhatIsNoLongerHeldIsAGapAndASnapshot) {
    overtake(3);
    Feed feed(world.backlog, since(2));
    const std::vector<Line> lines = all(feed, world);
    EXPECT_EQ(types(lines), (Types{"hello", "gap", "snapshot.begin", "link.added", "link.added",
                                   "address.added", "snapshot.end"}));
    EXPECT_EQ(member(lines[1].text, "reason"), "expired");
    EXPECT_EQ(member(lines[1].text, "from"), "3");
    EXPECT_EQ(member(lines[1].text, "to"), std::to_string(world.backlog.head()));
    world.churn(2, 1);
    EXPECT_EQ(next(feed, world).position, at(world.backlog.head()));
}

TEST_F(ServedFromALittleRing, SinceWhatIsNoLongerHeldIsAGapAndTheOldestForAnEventFeed) {
    overtake(3);
    Request request = event_feed({"link.*"});
    request.since = at(2);
    Feed feed(world.backlog, request);
    const std::vector<Line> lines = all(feed, world);
    ASSERT_EQ(lines.size(), 2 + world.backlog.ring().records());
    EXPECT_EQ(lines[1].type, "gap");
    EXPECT_EQ(member(lines[1].text, "from"), "3");
    EXPECT_EQ(member(lines[1].text, "to"), std::to_string(oldest() - 1));
    EXPECT_EQ(lines[2].position, at(oldest()));
}

TEST_F(ServedFromALittleRing, SinceWhatIsNoLongerHeldIsAGapAndTheOldestWithoutSnapshot) {
    overtake(3);
    Request request = since(2);
    request.snapshot = false;
    Feed feed(world.backlog, request);
    const std::vector<Line> lines = all(feed, world);
    ASSERT_EQ(lines.size(), 2 + world.backlog.ring().records());
    EXPECT_EQ(lines[1].type, "gap");
    EXPECT_EQ(lines[2].position, at(oldest()));
}

TEST_F(Served, SinceAnotherRunIsAGapWithoutABeginning) {
    world.churn(2, 3);
    Request request;
    request.since = record::Position{1, 1000};
    Feed feed(world.backlog, request);
    const std::vector<Line> lines = all(feed, world);
    EXPECT_EQ(types(lines), (Types{"hello", "gap", "snapshot.begin", "link.added", "link.added",
                                   "address.added", "snapshot.end"}));
    EXPECT_EQ(member(lines[1].text, "reason"), "other_run");
    EXPECT_EQ(member(lines[1].text, "from"), std::nullopt);
    EXPECT_EQ(member(lines[1].text, "to"), "3");
}

TEST_F(Served, SinceAnotherRunIsAGapAndTheOldestForAnEventFeed) {
    world.churn(2, 3);
    Request request = event_feed({"link.*"});
    request.since = record::Position{1, 1000};
    Feed feed(world.backlog, request);
    const std::vector<Line> lines = all(feed, world);
    EXPECT_EQ(types(lines), (Types{"hello", "gap", "link.changed", "link.changed", "link.changed"}));
    EXPECT_EQ(member(lines[1].text, "to"), "0");
    EXPECT_EQ(lines[2].position, at(1));
}

TEST_F(Served, AnEventFeedIsToldThatItCannotFold) {
    Feed feed(world.backlog, event_feed({"link.*"}));
    const std::vector<Line> lines = all(feed, world);
    ASSERT_EQ(types(lines), (Types{"hello"}));
    EXPECT_EQ(member(lines[0].text, "foldable"), "false");
    EXPECT_NE(member(lines[0].text, "filter"), std::nullopt);
    world.address(2, 11);
    world.link(3, "eth3");
    const std::vector<Line> live = all(feed, world);
    EXPECT_EQ(types(live), (Types{"link.added"}));
}

TEST_F(Served, AScopeFoldsToTheStateWithinIt) {
    world.link(3, "veth3", "veth");
    world.address(3, 30);
    Feed feed(world.backlog, scoped(interfaces({"eth*"})));
    Fold fold(true);
    const std::vector<Line> lines = all(feed, world);
    EXPECT_EQ(types(lines),
              (Types{"hello", "snapshot.begin", "link.added", "address.added", "snapshot.end"}));
    EXPECT_EQ(member(lines[0].text, "filter/interface"), "[\"eth*\"]");
    EXPECT_EQ(fold.read(lines), "");
    world.link(3, "eth3", "veth");  // enters, its address with it
    world.link(3, "eth3", "veth", 9000);
    world.link(2, "veth2");  // leaves, likewise
    world.link(2, "veth2", "", 9000);
    const std::vector<Line> live = all(feed, world);
    EXPECT_EQ(types(live), (Types{"link.added", "address.added", "link.changed", "link.removed",
                                  "address.removed", "bookmark"}));
    EXPECT_EQ(member(live[0].text, "before/ifname"), "veth3");
    EXPECT_EQ(member(live[3].text, "reason"), "filter");
    EXPECT_EQ(member(live[3].text, "object/ifname"), "veth2");
    EXPECT_EQ(fold.read(live), "");
    EXPECT_EQ(fold.objects(), objects_of(world, {interfaces({"eth*"})}));
}

TEST_F(Served, ASnapshotCountsOnlyTheKindsThatItSpeaksOf) {
    Feed feed(world.backlog, scoped(test::kinds({"link"})));
    const std::vector<Line> lines = all(feed, world);
    EXPECT_EQ(member(lines.back().text, "counts/link"), "2");
    EXPECT_EQ(member(lines.back().text, "counts/address"), std::nullopt);
}

TEST_F(Served, ABookmarkTellsOfHiddenRecordsAtMostOnceInTenSeconds) {
    Feed feed(world.backlog, scoped(interfaces({"lo"})));
    all(feed, world);
    EXPECT_EQ(types(all(feed, world)), Types{}) << "nothing was hidden yet";
    world.churn(2, 3);
    const std::vector<Line> first = all(feed, world);
    ASSERT_EQ(types(first), (Types{"bookmark"}));
    EXPECT_EQ(first[0].position, at(3));
    EXPECT_TRUE(first[0].resumable);
    EXPECT_EQ(types(all(feed, world)), Types{});
    world.churn(2, 1);
    world.pass(std::chrono::milliseconds{9'999});
    EXPECT_EQ(types(all(feed, world)), Types{});
    world.pass(std::chrono::milliseconds{1});
    EXPECT_EQ(types(all(feed, world)), (Types{"bookmark"}));
    world.pass(std::chrono::seconds{60});
    EXPECT_EQ(types(all(feed, world)), Types{}) << "it knows already";
}

TEST_F(Served, ARecordThatIsDeliveredNeedsNoBookmark) {
    Feed feed(world.backlog, scoped(interfaces({"lo"})));
    all(feed, world);
    world.churn(2, 3);
    world.link(1, "lo", "", 65536);
    EXPECT_EQ(types(all(feed, world)), (Types{"link.changed"}));
}

TEST_F(Served, ALimitCountsNumberedRecords) {
    world.churn(2, 2);
    Request request;
    request.limit = 2;
    Feed feed(world.backlog, request);
    EXPECT_EQ(types(all(feed, world)), whole_snapshot);
    EXPECT_FALSE(feed.finished());
    world.churn(2, 3);
    EXPECT_EQ(types(all(feed, world)), (Types{"link.changed", "link.changed"}));
    EXPECT_TRUE(feed.finished());
    EXPECT_FALSE(feed.behind());
    EXPECT_EQ(feed.position(), at(4));
}

TEST_F(Served, ALimitOfZeroEndsBehindTheSnapshot) {
    Request request;
    request.limit = 0;
    Feed feed(world.backlog, request);
    EXPECT_FALSE(feed.finished());
    EXPECT_EQ(types(all(feed, world)), whole_snapshot);
    EXPECT_TRUE(feed.finished());
    world.churn(2, 1);
    EXPECT_EQ(types(all(feed, world)), Types{});

    request.snapshot = false;
    Feed without(world.backlog, request);
    EXPECT_EQ(types(all(without, world)), (Types{"hello"}));
    EXPECT_TRUE(without.finished());
}

}  // namespace
}  // namespace nlwatch::backlog
