// Random flaps, held against a judge who knows all that came later.
#include <map>
#include <random>
#include <set>

#include "held_reader.hpp"

namespace nlwatch::sink {
namespace {

using namespace std::chrono_literals;
using test::words, test::Words, test::World;
using Reader = test::HeldReader;

constexpr HoldDown::Delays both{.down = 5s, .up = 3s};

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
