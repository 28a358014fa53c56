#include "backlog/request.hpp"

#include <gtest/gtest.h>

#include "world.hpp"

namespace nlwatch::backlog {
namespace {

using test::World;

std::string refused(const World& world, const Request& request) {
    return refusal(request, world.backlog).value_or("no");
}

TEST(Request, DefaultIsServed) { EXPECT_EQ(refused(World{}, {}), "no"); }

TEST(Request, SnapshotOfAnEventFeedIsRefused) {
    Request request = test::event_feed({"link.*"});
    request.snapshot = true;
    EXPECT_NE(refused(World{}, request).find("event"), std::string::npos);
    request.snapshot = false;
    EXPECT_EQ(refused(World{}, request), "no");
    request = {};
    request.filter.transitions = record::transition::state_up;
    request.snapshot = true;
    EXPECT_NE(refused(World{}, request), "no");
}

TEST(Request, SnapshotWithSinceIsRefused) {
    World world;
    Request request{.filter = {}, .since = record::Position{test::run, 0}, .snapshot = true, .limit = {}};
    EXPECT_NE(refused(world, request).find("since"), std::string::npos);
    request.snapshot = false;
    EXPECT_EQ(refused(world, request), "no");
}

TEST(Request, SinceTheFutureIsRefusedInWords) {
    World world;
    world.backlog.begin();
    world.link(2, "eth2");
    Request request;
    request.since = record::Position{test::run, 1};
    EXPECT_EQ(refused(world, request), "no");
    request.since->seq = 2;
    EXPECT_EQ(
        refused(world, request),
        "since=4f1c2a9be07d4c55:2 lies in the future: the last record of this run is 4f1c2a9be07d4c55:1");
    request.since->run = 1;
    EXPECT_EQ(refused(world, request), "no") << "another run's numbers mean nothing here";
}

TEST(Request, OnlyWhatFoldsAndWantsSnapshotsIsAView) {
    EXPECT_TRUE(Request{}.view());
    EXPECT_TRUE(test::scoped(test::interfaces({"eth*"})).view());
    EXPECT_FALSE(test::event_feed({"link.*"}).view());
    Request request;
    request.snapshot = false;
    EXPECT_FALSE(request.view());
}

}  // namespace
}  // namespace nlwatch::backlog
