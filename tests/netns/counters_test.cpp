// What the follower counts beside what it tells.
#include <algorithm>
#include <numeric>

#include "netns/on_a_kernel.hpp"

namespace nlwatch::test {
namespace {

using kernel::Cause;
using Counted = OnAKernel;

std::uint64_t observations(const metrics::Histogram& histogram) {
    std::uint64_t all = 0;
    for (std::size_t bucket = 0; bucket <= histogram.bounds().size(); ++bucket)
        all += histogram.count(bucket);
    return all;
}

std::uint64_t of(const auto& by_cause, Cause cause) { return by_cause[static_cast<std::size_t>(cause)]; }

TEST_F(Counted, TheWayOfEachLiveChangeFromTheSocketOn) {
    changes->up("lo");
    Watch watch;
    watch.until_true();
    EXPECT_EQ(observations(watch.follower().counters().dispatch), 0u) << "dumps are not on that way";
    watch.forget();
    changes->add("ifb", "ifb0");
    watch.until_told("live added ifb0");
    const Words told = watch.told();
    const auto live = [](const std::string& line) { return line.starts_with("live "); };
    EXPECT_EQ(observations(watch.follower().counters().dispatch),
              static_cast<std::uint64_t>(std::count_if(told.begin(), told.end(), live)));
    EXPECT_GT(watch.follower().counters().dispatch.sum().count(), 0);
}

// Before, it is the first dump that counts as an audit: nothing was held to be right that it could correct.
TEST_F(Counted, DriftOnlyWhereTheTableWasHeldToBeRight) {
    changes->add_veth("v0", "v1");
    Watch watch;
    watch.until_true();
    const kernel::Follower::Counters& counters = watch.follower().counters();
    EXPECT_EQ(counters.drift, decltype(counters.drift){});
    const state::Time first = counters.last_audit;
    EXPECT_GT(first, state::Time{});

    watch.forget();
    const Namespace there;
    changes->move("v1", there);  // its peer's IFLA_LINK_NETNSID changes without a message
    watch.until_told("audit changed v0");
    EXPECT_EQ(counters.drift[static_cast<std::size_t>(rtnl::Kind::link)]
                            [static_cast<std::size_t>(state::Op::changed)],
              1u);
    watch.until("the audit to end", [&] { return counters.last_audit > first; });
}

TEST_F(Counted, AResyncItsDurationAndWhatBufferItAskedFor) {
    changes->up("lo");
    constexpr std::size_t smallest = 2'304;
    Watch watch{{.receive_buffer = smallest, .receive_buffer_max = 4 * smallest}};
    watch.until_true();
    const kernel::Follower::Counters& counters = watch.follower().counters();
    const std::uint64_t loss = of(counters.resyncs, Cause::overrun);
    EXPECT_EQ(std::accumulate(counters.resyncs.begin(), counters.resyncs.end(), 0u), 0u);
    EXPECT_EQ(watch.follower().requested_receive_buffer(), smallest);
    const state::Time audit = counters.last_audit;
    watch.forget();
    for (int i = 0; i < 20; ++i) {
        changes->set_alias("lo", "noise");
        changes->set_alias("lo", "");
    }
    watch.until_repaired();
    EXPECT_EQ(of(counters.resyncs, Cause::overrun), loss + 1);
    EXPECT_EQ(observations(counters.resync_duration), 1u);
    EXPECT_EQ(counters.resync_duration.sum(), watch.repairs().front().duration);
    EXPECT_EQ(watch.follower().requested_receive_buffer(), 2 * smallest);
    EXPECT_EQ(counters.last_audit, audit) << "a pass after a loss is no audit";
}

}  // namespace
}  // namespace nlwatch::test
