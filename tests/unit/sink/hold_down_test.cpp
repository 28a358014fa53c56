// Conversations with the rule: the network lives, the clock goes on, a reader takes what comes out.
#include "sink/hold_down.hpp"

#include "held_reader.hpp"

namespace nlwatch::sink {
namespace {

using namespace std::chrono_literals;
using test::without_snapshot, test::Words, test::World;
using Reader = test::HeldReader;

constexpr HoldDown::Delays only_down{.down = 5s, .up = 0s}, only_up{.down = 0s, .up = 3s},
    both{.down = 5s, .up = 3s};

struct TheHoldDown : testing::Test {
    explicit TheHoldDown(std::size_t ring_bytes = 16 << 20) : world(ring_bytes) {
        for (const std::uint32_t ifindex : {2, 3}) up(ifindex);
        world.backlog.begin();
    }
    void up(std::uint32_t ifindex) { world.link(ifindex, "eth" + std::to_string(ifindex)); }
    void down(std::uint32_t ifindex) {
        world.link(ifindex, "eth" + std::to_string(ifindex), "", 1500, false);
    }
    void later(std::chrono::milliseconds time) { world.pass(time); }

    World world;
};
struct TheHoldDownBehindALittleRing : TheHoldDown {
    TheHoldDownBehindALittleRing() : TheHoldDown(8192) {}
};

TEST_F(TheHoldDown, LeavesOutAnOutageThatIsOverSoon) {
    Reader reader(world, only_down);
    down(2);
    EXPECT_EQ(reader.read(), Words{});
    EXPECT_EQ(reader.due(), "5000 ms");
    later(4'999ms);
    EXPECT_EQ(reader.read(), Words{});
    EXPECT_EQ(reader.age(), "4999 ms");
    up(2);
    EXPECT_EQ(reader.read(), Words{});
    EXPECT_EQ(reader.due(), "never");
    EXPECT_EQ(reader.age(), "none");
    EXPECT_EQ(reader.rule.held(), 0u);
    EXPECT_EQ(reader.rule.left_out(), 2u);
    EXPECT_EQ(reader.place(), 2u);
}

TEST_F(TheHoldDown, DeliversAnOutageThatLasts) {
    Reader reader(world, only_down);
    down(2);
    EXPECT_EQ(reader.read(), Words{});
    later(5s);
    EXPECT_EQ(reader.due(), "0 ms");
    EXPECT_EQ(reader.read(), (Words{"1 down 2"}));
    up(2);
    EXPECT_EQ(reader.read(), (Words{"2 up 2"}));
    EXPECT_EQ(reader.rule.left_out(), 0u);
}

TEST_F(TheHoldDown, DeliversAnOutageThatIsOverExactlyInTime) {
    Reader reader(world, only_down);
    down(2);
    later(5s);
    up(2);
    EXPECT_EQ(reader.read(), (Words{"1 down 2", "2 up 2"}));
}

TEST_F(TheHoldDown, LeavesOutAnUpThatDoesNotLast) {
    Reader reader(world, only_up);
    down(2);
    EXPECT_EQ(reader.read(), (Words{"1 down 2"}));
    later(60s);
    up(2);
    EXPECT_EQ(reader.read(), Words{});
    EXPECT_EQ(reader.due(), "3000 ms");
    later(2s);
    down(2);
    EXPECT_EQ(reader.read(), Words{});
    EXPECT_EQ(reader.rule.held(), 0u);
    later(60s);
    up(2);
    later(3s);
    EXPECT_EQ(reader.read(), (Words{"4 up 2"}));
    EXPECT_EQ(reader.rule.left_out(), 2u);
}

TEST_F(TheHoldDown, LeavesOutWhateverFlapsFasterThanBothDelays) {
    Reader reader(world, both);
    for (int i = 0; i < 10; ++i) {
        down(2);
        later(1s);
        up(2);
        later(1s);
    }
    later(60s);
    EXPECT_EQ(reader.read(), Words{});
    EXPECT_EQ(reader.rule.left_out(), 20u);
    down(2);
    later(5s);
    EXPECT_EQ(reader.read(), (Words{"21 down 2"}));
}

TEST_F(TheHoldDown, KeepsTheOrder) {
    Reader reader(world, only_down);
    down(2);
    later(1s);
    down(3);
    world.address(2, 7);
    world.link(4, "eth4");
    EXPECT_EQ(reader.read(), Words{});
    EXPECT_EQ(reader.rule.held(), 4u);
    EXPECT_EQ(reader.place(), 0u) << "nothing was handed out yet";
    later(1s);
    up(2);
    EXPECT_EQ(reader.read(), Words{}) << "the other outage may be over soon, too";
    EXPECT_EQ(reader.due(), "4000 ms");
    EXPECT_EQ(reader.place(), 1u);
    later(4s);
    EXPECT_EQ(reader.read(), (Words{"2 down 3", "3 address.added 2", "4 link.added 4"}));
    EXPECT_EQ(reader.place(), 5u);
    EXPECT_EQ(reader.rule.left_out(), 2u);
}

TEST_F(TheHoldDown, DecidesByWhenThingsWereLearntNotByWhenTheyAreRead) {
    Reader reader(world, only_down);
    down(2);
    later(1s);
    up(2);
    later(10s);
    down(3);
    later(7s);
    up(3);
    later(600s);
    EXPECT_EQ(reader.read(), (Words{"3 down 3", "4 up 3"}));
    EXPECT_EQ(reader.rule.left_out(), 2u);
}

TEST_F(TheHoldDown, DoesNotDecideWhileThereIsMoreToRead) {
    backlog::Request request = without_snapshot();
    request.filter.scopes = {test::interfaces({"eth2"})};
    Reader reader(world, only_down, request);
    down(2);
    world.churn(3, 2'000);  // unseen, but more than is looked at in one turn
    up(2);
    later(600s);
    EXPECT_EQ(reader.rule.next(reader.feed, world.now()), std::nullopt);
    EXPECT_TRUE(reader.feed.behind());
    EXPECT_EQ(reader.read(), Words{});
    EXPECT_EQ(reader.rule.left_out(), 2u);
}

TEST_F(TheHoldDown, HoldsNoEdgeOfALinkThatIsGone) {
    Reader reader(world, both);
    down(2);
    later(1s);
    world.remove_link(2);
    EXPECT_EQ(reader.read(), (Words{"1 down 2", "2 link.removed 2"}));
    up(2);
    later(1s);
    down(2);
    EXPECT_EQ(reader.read(), (Words{"3 link.added 2"}))
        << "the link that comes is no edge, the next down is one";
    EXPECT_EQ(reader.due(), "5000 ms");
}

TEST_F(TheHoldDown, HoldsNoEdgeOfALinkThatLeavesTheScope) {
    backlog::Request request = without_snapshot();
    request.filter.scopes = {test::interfaces({"eth*"})};
    Reader reader(world, only_down, request);
    down(2);
    later(1s);
    world.link(2, "wan");
    EXPECT_EQ(reader.read(), (Words{"1 down 2", "2 link.removed 2"}));
}

TEST_F(TheHoldDown, LetsSnapshotsPass) {
    Reader reader(world, both, {});
    EXPECT_EQ(reader.place(), 0u);
    down(2);
    EXPECT_EQ(reader.read(), Words{});
    world.backlog.reload(test::interfaces({"eth2"}), world.now());
    EXPECT_EQ(reader.read(),
              (Words{"1 down 2", "2 gap", "2 snapshot.begin", "2 link.added", "2 snapshot.end"}));
    EXPECT_EQ(reader.due(), "never");
    EXPECT_EQ(reader.place(), 2u);
}

TEST_F(TheHoldDownBehindALittleRing, ReleasesWhatItHoldsBeforeAGap) {
    Reader reader(world, both);
    down(2);
    EXPECT_EQ(reader.read(), Words{});
    EXPECT_EQ(reader.place(), 0u);
    world.churn(3, 100);
    up(2);
    const Words lines = reader.read();
    ASSERT_GE(lines.size(), 3u);
    EXPECT_EQ(lines[0], "1 down 2");
    EXPECT_TRUE(lines[1].ends_with(" gap")) << lines[1];
    EXPECT_EQ(lines.back(), "101 mtu 3")
        << "the up behind the gap ends nothing that is known of, but may not last";
    later(3s);
    EXPECT_EQ(reader.read(), (Words{"102 up 2"}));
    EXPECT_EQ(reader.rule.left_out(), 0u);
}

TEST_F(TheHoldDown, ReadsNoMoreThanItMayHold) {
    Reader reader(world, only_down);
    down(2);
    world.churn(3, 10'000);
    EXPECT_EQ(reader.read(), Words{});
    EXPECT_GT(reader.rule.held(), 500u);
    EXPECT_LT(reader.rule.held(), 5'000u);
    EXPECT_FALSE(reader.feed.behind()) << "it is the time that it waits for";
    EXPECT_EQ(reader.due(), "5000 ms");
    const std::uint64_t held = reader.rule.held();
    up(2);
    later(1s);
    EXPECT_EQ(reader.read(), Words{});
    EXPECT_EQ(reader.rule.held(), held);
    later(4s);
    const Words lines = reader.read();
    EXPECT_EQ(lines.size(), 10'002u) << "full, it decided by what it had read";
    EXPECT_EQ(lines.front(), "1 down 2");
    EXPECT_EQ(lines.back(), "10002 up 2");
    EXPECT_EQ(reader.rule.held(), 0u);
}

TEST_F(TheHoldDown, SeesWhatAWordAboutEventsHides) {
    backlog::Request request;
    request.filter.transitions = record::transition::state_down;
    Reader reader(world, both, request);
    down(2);
    later(1s);
    up(2);
    later(10s);
    world.churn(3, 3);
    down(3);
    later(60s);
    EXPECT_EQ(reader.read(), (Words{"6 down 3"}));
    EXPECT_EQ(reader.rule.left_out(), 1u);
    up(3);
    EXPECT_EQ(reader.read(), Words{});
    EXPECT_EQ(reader.place(), 7u);
    later(1s);
    down(3);
    down(2);
    later(60s);
    EXPECT_EQ(reader.read(), (Words{"9 down 2"})) << "link 3 was not up for long";
    EXPECT_EQ(reader.rule.left_out(), 2u);
}

TEST_F(TheHoldDown, IsNotDelayedByWhatAWordHides) {
    backlog::Request request;
    request.filter.types = record::Globs({"address.*"});
    Reader reader(world, both, request);
    down(2);
    world.address(3, 7);
    EXPECT_EQ(reader.read(), (Words{"2 address.added 3"}));
    EXPECT_EQ(reader.due(), "never");
}

TEST_F(TheHoldDown, WithoutDelaysHandsOutTheFeedsOwnLines) {
    backlog::Request request;
    request.filter.transitions = record::transition::state_down;
    HoldDown rule({}, request);
    EXPECT_EQ(request.filter.transitions, record::transition::state_down) << "it stays the feed's to judge";
    EXPECT_EQ(request.snapshot, std::nullopt);
    backlog::Feed feed(world.backlog, request);
    rule.next(feed, world.now());
    down(2);
    const auto line = rule.next(feed, world.now());
    ASSERT_TRUE(line);
    EXPECT_EQ(line->text.data(), world.backlog.ring().line(1).data());
    EXPECT_EQ(rule.next(feed, world.now()), std::nullopt);
    EXPECT_EQ(rule.position(feed), feed.position());
}

TEST_F(TheHoldDown, CopiesNothingThatNeedNotWait) {
    Reader reader(world, both);
    world.churn(3, 1);
    const auto line = reader.rule.next(reader.feed, world.now());
    ASSERT_TRUE(line);
    EXPECT_EQ(line->text.data(), world.backlog.ring().line(1).data());
    EXPECT_EQ(line->entry, &world.backlog.ring().entry(1));
}

TEST_F(TheHoldDown, AHeldLineIsAsTheFeedGaveIt) {
    Reader reader(world, only_down);
    down(2);
    reader.read();
    const std::string text(world.backlog.ring().line(1));
    later(5s);
    const auto line = reader.rule.next(reader.feed, world.now());
    ASSERT_TRUE(line && line->entry);
    EXPECT_EQ(line->text, text);
    EXPECT_EQ(line->type, "link.changed");
    EXPECT_TRUE(line->resumable);
    EXPECT_EQ(line->entry->learnt, world.now().monotonic - 5s);
}

TEST_F(TheHoldDown, ReadsAgainWhatItHeldWhenTheSinkGaveUp) {
    Reader reader(world, only_down);
    world.churn(3, 2);
    down(2);
    EXPECT_EQ(reader.read(), (Words{"1 mtu 3", "2 mtu 3"}));
    EXPECT_EQ(reader.rule.held(), 1u);
    reader.rule.give_up(reader.feed, 1, 2, world.now().monotonic);
    EXPECT_EQ(reader.rule.held(), 0u);
    EXPECT_EQ(reader.read(), (Words{"2 gap"}));
    EXPECT_EQ(reader.rule.held(), 1u);
    later(1s);
    up(2);
    EXPECT_EQ(reader.read(), Words{});
    EXPECT_EQ(reader.rule.left_out(), 2u);
}

TEST_F(TheHoldDown, DecidesAlikeWhenItReadsAgain) {
    Reader reader(world, only_down);
    world.churn(3, 2);
    down(2);
    later(1s);
    up(2);
    later(60s);
    EXPECT_EQ(reader.read(), (Words{"1 mtu 3", "2 mtu 3"}));
    EXPECT_EQ(reader.place(), 4u);
    reader.rule.give_up(reader.feed, 1, 2, world.now().monotonic);
    EXPECT_EQ(reader.read(), (Words{"2 gap"}));
}

}  // namespace
}  // namespace nlwatch::sink
