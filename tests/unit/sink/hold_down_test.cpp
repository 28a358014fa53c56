// Conversations with the rule: the network lives, the clock goes on, a reader takes what comes out.
#include "sink/hold_down.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "unit/backlog/world.hpp"

namespace nlwatch::sink {
namespace {

using namespace std::chrono_literals;
using test::World;
using Words = std::vector<std::string>;

constexpr HoldDown::Delays only_down{.down = 5s, .up = 0s}, only_up{.down = 0s, .up = 3s},
    both{.down = 5s, .up = 3s};

backlog::Request without_snapshot() {
    backlog::Request request;
    request.snapshot = false;
    return request;
}

// "1 down 2": record 1, of link 2. Of other types than link.changed: "4 link.removed 2", "7 gap".
std::string words(const backlog::Line& line) {
    std::string text = std::to_string(line.position.seq);
    if (!line.entry) return text + " " + std::string(line.type);
    const bool up = line.entry->transitions & record::transition::state_up;
    const bool down = line.entry->transitions & record::transition::state_down;
    text.append(" ").append(line.type != "link.changed" ? line.type : up ? "up" : down ? "down" : "mtu");
    return text + " " + std::to_string(line.entry->ifindex);
}

// What reads a world's records through the rule.
struct Reader {
    Reader(World& of, HoldDown::Delays delays, backlog::Request request = without_snapshot())
        : world(of), rule(delays, request), feed(of.backlog, request) {
        read();
    }
    Words read() {
        Words lines;
        do {
            while (const auto line = rule.next(feed, world.now())) {
                EXPECT_EQ(std::string(line->text).find("{\"schema\":1,"), 0u);
                lines.push_back(words(*line));
            }
        } while (feed.behind());
        return lines;
    }
    std::string due() const {
        const auto due = rule.due();
        if (!due) return "never";
        return std::to_string(
                   std::chrono::duration_cast<std::chrono::milliseconds>(*due - world.now().monotonic)
                       .count()) +
               " ms";
    }
    std::optional<std::uint64_t> place() const {
        const auto position = rule.position(feed);
        return position ? std::optional{position->seq} : std::nullopt;
    }

    World& world;
    HoldDown rule;
    backlog::Feed feed;
};

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
    up(2);
    EXPECT_EQ(reader.read(), Words{});
    EXPECT_EQ(reader.due(), "never");
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

// A link's life, as it is recorded; and what the rule must leave out of it, judged when all is known.
class Judge {
public:
    explicit Judge(HoldDown::Delays delays) : delays_(delays) {}
    void edge(std::uint64_t seq, std::uint32_t ifindex, bool up, state::Time at) {
        const auto last = last_.find(ifindex);
        const auto delay = last != last_.end() && last->second.up ? delays_.up : delays_.down;
        if (last != last_.end() && at - last->second.at < delay) {
            left_out.insert({last->second.seq, seq});
            last_.erase(last);
        } else {
            last_[ifindex] = {seq, up, at};
        }
    }
    void removed(std::uint32_t ifindex) { last_.erase(ifindex); }

    std::set<std::uint64_t> left_out;

private:
    struct Edge {
        std::uint64_t seq;
        bool up;
        state::Time at;
    };
    HoldDown::Delays delays_;
    std::map<std::uint32_t, Edge> last_;
};

TEST(RandomFlaps, AreJudgedAlikeByWhoeverReadsAtOnceAndWhoeverWasAway) {
    std::size_t left_out = 0, delivered = 0;
    for (unsigned seed = 0; seed < 200; ++seed) {
        std::mt19937 random(seed);
        World world(4 << 20);
        world.backlog.begin();
        Reader prompt(world, both), seldom(world, both);
        Judge judge(both);
        Words at_once, later, expected;
        std::map<std::uint32_t, bool> up;
        const auto append = [](Words& all, const Words& more) {
            all.insert(all.end(), more.begin(), more.end());
        };
        for (int i = 0; i < 200; ++i) {
            const std::uint32_t ifindex = 2 + random() % 3;
            const std::uint64_t seq = world.backlog.head() + 1;
            const auto link = up.find(ifindex);
            if (link != up.end() && random() % 12 == 0) {
                world.remove_link(ifindex);
                judge.removed(ifindex);
                up.erase(link);
            } else {
                const bool appears = link == up.end();
                up[ifindex] = appears || !up[ifindex];
                world.link(ifindex, "eth" + std::to_string(ifindex), "", 1500, up[ifindex]);
                if (!appears) judge.edge(seq, ifindex, up[ifindex], world.now().monotonic);
            }
            world.pass(std::chrono::milliseconds{random() % 3'000});
            append(at_once, prompt.read());
            if (random() % 20 == 0) append(later, seldom.read());
        }
        world.pass(5s);
        append(at_once, prompt.read());
        append(later, seldom.read());
        ASSERT_EQ(at_once, later) << "seed " << seed;

        for (std::uint64_t seq = 1; seq <= world.backlog.head(); ++seq)
            if (!judge.left_out.contains(seq)) {
                const record::Entry& entry = world.backlog.ring().entry(seq);
                expected.push_back(words({entry.op == state::Op::added     ? "link.added"
                                          : entry.op == state::Op::removed ? "link.removed"
                                                                           : "link.changed",
                                          "",
                                          {test::run, seq},
                                          true,
                                          &entry}));
            }
        ASSERT_EQ(at_once, expected) << "seed " << seed;
        EXPECT_EQ(prompt.rule.left_out(), judge.left_out.size());
        EXPECT_EQ(seldom.rule.left_out(), judge.left_out.size());
        left_out += judge.left_out.size();
        delivered += at_once.size();
    }
    EXPECT_GT(left_out, 5'000u);
    EXPECT_GT(delivered, 5'000u);
}

}  // namespace
}  // namespace nlwatch::sink
