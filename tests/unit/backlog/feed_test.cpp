// Conversations, one for each row of "How a reader is served" in records.md, and for what stands below it.
#include "backlog/feed.hpp"

#include <gtest/gtest.h>

#include "fold.hpp"
#include "world.hpp"

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
using test::types;
using test::World;
using Types = std::vector<std::string>;

// A link, lo, another with an address; the run has begun, nothing is published yet.
struct Served : testing::Test {
    explicit Served(std::size_t ring_bytes = 1 << 20) : world(ring_bytes) {
        world.link(1, "lo");
        world.link(2, "eth2");
        world.address(2, 10);
        world.backlog.set_settled(true);
        world.backlog.begin();
    }
    record::Position at(std::uint64_t seq) const { return {test::run, seq}; }
    Request since(std::uint64_t seq) const {
        Request request;
        request.since = at(seq);
        return request;
    }
    World world;
};
struct ServedFromALargeRing : Served {
    ServedFromALargeRing() : Served(16 << 20) {}
};
struct ServedFromALittleRing : Served {
    ServedFromALittleRing() : Served(8192) {}
    // Until the tail has passed `seq`.
    void overtake(std::uint64_t seq) {
        while (world.backlog.ring().first_good() <= seq + 1) world.churn(2, 1);
    }
    std::uint64_t oldest() const { return world.backlog.ring().first_good(); }
};

const Types whole_snapshot{"hello",      "snapshot.begin", "link.added",
                           "link.added", "address.added",  "snapshot.end"};

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

}  // namespace
}  // namespace nlwatch::backlog
