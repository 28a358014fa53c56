#include "client/place.hpp"

#include <gtest/gtest.h>

#include "failure.hpp"

using nlwatch::client::Place;

namespace {

constexpr const char *one = "00000000000000aa", *other = "00000000000000bb";

std::string line(const char* run, int seq, const std::string& type, const std::string& more = "") {
    return R"({"schema":1,"run":")" + std::string{run} + R"(","seq":)" + std::to_string(seq) +
           R"(,"type":")" + type + "\"" + more + "}\n";
}
std::string object(const char* run, int seq, const char* origin = "live") {
    return line(run, seq, "link.changed",
                R"(,"origin":")" + std::string{origin} + R"(","key":"link/7/2","object":{"ifindex":2})");
}
std::string snapshot_end(const char* run, int seq) {
    return line(run, seq, "snapshot.end", R"(,"settled":true)");
}

}  // namespace

TEST(Place, AViewHasNoneBeforeItsSnapshotHasEnded) {
    Place place{{}};
    place.read(line(one, 5, "hello"));
    place.read(line(one, 5, "snapshot.begin"));
    place.read(object(one, 5, "snapshot"));
    EXPECT_EQ(place.next_words().since, std::nullopt);
    place.read(snapshot_end(one, 5));
    EXPECT_EQ(place.next_words().since, "00000000000000aa:5");
    EXPECT_FALSE(place.finished());
}

TEST(Place, EachNumberedRecordAndBookmarkIsOne) {
    Place place{{}};
    place.read(snapshot_end(one, 5));
    place.read(object(one, 6));
    EXPECT_EQ(place.next_words().since, "00000000000000aa:6");
    place.read(line(one, 7, "resync.begin"));
    place.read(line(one, 8, "resync.end"));
    place.read(line(one, 9, "reload"));
    EXPECT_EQ(place.next_words().since, "00000000000000aa:9");
    place.read(line(one, 20, "bookmark"));
    EXPECT_EQ(place.next_words().since, "00000000000000aa:20");
}

TEST(Place, AGapIsNone) {
    Place place{{}};
    place.read(snapshot_end(one, 5));
    place.read(line(other, 3, "hello"));
    place.read(line(other, 3, "gap", R"(,"to":3,"reason":"other_run")"));
    place.read(line(other, 3, "snapshot.begin"));
    place.read(object(other, 3, "snapshot"));
    EXPECT_EQ(place.next_words().since, "00000000000000aa:5") << "what the gap announced has not come";
    place.read(snapshot_end(other, 3));
    EXPECT_EQ(place.next_words().since, "00000000000000bb:3");
}

TEST(Place, WithoutASnapshotAHelloIsOne) {
    nlwatch::backlog::RequestWords words;
    words.snapshot = false;
    Place place{words};
    place.read(line(one, 5, "hello"));
    EXPECT_EQ(place.next_words().since, "00000000000000aa:5");
    EXPECT_EQ(place.next_words().snapshot, false);
}

TEST(Place, ForAFeedOfEventsToo) {
    nlwatch::backlog::RequestWords words;
    words.transitions = {"state_up"};
    Place place{words};
    place.read(line(one, 5, "hello"));
    EXPECT_EQ(place.next_words().since, "00000000000000aa:5");
}

TEST(Place, WhatWasAskedForHoldsUntilThereIsABetterOne) {
    nlwatch::backlog::RequestWords words;
    words.since = "00000000000000aa:3";
    Place place{words};
    place.read(line(one, 5, "hello"));
    EXPECT_EQ(place.next_words().since, "00000000000000aa:3");
    place.read(object(one, 4));
    EXPECT_EQ(place.next_words().since, "00000000000000aa:4");
}

TEST(Place, ASnapshotThatWasHadIsNotAskedForAgain) {
    nlwatch::backlog::RequestWords words;
    words.snapshot = true;
    Place place{words};
    EXPECT_EQ(place.next_words().snapshot, true);
    place.read(snapshot_end(one, 5));
    EXPECT_EQ(place.next_words().snapshot, std::nullopt);
}

TEST(Place, ALimitIsOfAllConnectionsTogether) {
    nlwatch::backlog::RequestWords words;
    words.limit = 3;
    Place place{words};
    place.read(snapshot_end(one, 5));
    place.read(object(one, 6));
    EXPECT_EQ(place.next_words().limit, 2u);
    place.read(line(one, 6, "hello"));
    place.read(object(one, 7));
    EXPECT_FALSE(place.finished());
    place.read(object(one, 8));
    EXPECT_TRUE(place.finished());
}

TEST(Place, ALimitOfZeroEndsBehindTheSnapshot) {
    nlwatch::backlog::RequestWords words;
    words.limit = 0;
    Place place{words};
    place.read(line(one, 5, "hello"));
    EXPECT_FALSE(place.finished());
    place.read(snapshot_end(one, 5));
    EXPECT_TRUE(place.finished());
}

TEST(Place, FailsOnWhatIsNoRecord) {
    Place place{{}};
    EXPECT_THROW(place.read("nonsense\n"), nlwatch::Failure);
    EXPECT_THROW(place.read(R"({"schema":2,"run":"00000000000000aa","seq":1,"type":"hello"})"),
                 nlwatch::Failure);
    EXPECT_THROW(place.read(R"({"schema":1,"type":"error","message":"full"})"), nlwatch::Failure);
}
