// Overruns of the events' socket, and how others took them: each test has the wrong result in the line above
// it.
#include <sys/socket.h>

#include <algorithm>
#include <numeric>

#include "netns/blind.hpp"
#include "netns/intercept.hpp"

namespace nlwatch::test {
namespace {

using kernel::Cause;
using Overrun = Blind;

// Holds more events than one turn reads.
kernel::Follower::Options small_turns() {
    constexpr std::size_t bytes = 256 * 1024;
    return {.receive_buffer = bytes,
            .receive_buffer_max = bytes,
            .turn_bytes = 1,
            .limits = {.resync_min_interval = std::chrono::milliseconds{20}}};
}

// Others: dump at once on ENOBUFS, and keep as ghosts what is deleted between that dump and the moment when
// the queue was empty: until then the kernel drops in silence.
TEST_F(Overrun, WhatIsDeletedBeforeTheQueueWasEmptyIsNoGhost) {
    constexpr int many = 60;
    changes->add("ifb", "ifb0");
    for (int n = 0; n < many; ++n) changes->add_address("ifb0", inet(n), 32);
    Watch watch{small_turns()};
    watch.until_true();
    overflow(200);
    watch.forget();
    int removed = 0;
    watch.until("a removal between any two steps", [&] {
        if (removed < many) changes->remove_address("ifb0", inet(removed++), 32);
        return removed == many;
    });
    watch.until_repaired();
    watch.until_true();
    for (const std::string& told : watch.told())
        EXPECT_FALSE(told.starts_with("audit removed")) << "until this audit it was a ghost: " << told;
    EXPECT_EQ(watch.losses().size(), 1u) << "there was no other overrun";
    EXPECT_EQ(watch.table().size(rtnl::Kind::address), 2u) << "those of the loopback link";
}

// Others: read on after ENOBUFS, but not until the queue is empty, and hear nothing more.
TEST_F(Overrun, WhatComesBehindIsHeard) {
    changes->add("ifb", "ifb0");
    Watch watch{small_turns()};
    watch.until_true();
    for (int round = 0; round < 3; ++round) {
        overflow(200);
        watch.forget();
        watch.until_repaired();
        const std::size_t losses = watch.losses().size();
        for (int n = 0; n < 5; ++n) {
            const std::string local = inet(round * 5 + n);
            changes->add_address("ifb0", local, 32);
            watch.until_told("live added " + local + " on ifb0");
        }
        EXPECT_EQ(watch.losses().size(), losses);
    }
    watch.until_true();
}

// Others: call a resync done whose dump was made while yet more was lost.
TEST_F(Overrun, ASecondOneDuringTheResyncsDumpsIsRepairedToo) {
    changes->add("ifb", "ifb0");
    for (int n = 0; n < 3; ++n) changes->add_address("ifb0", inet(n), 32);
    for (int n = 0; n < 3; ++n) changes->add_address("ifb0", inet6(n), 128);
    kernel::Follower::Options options = tiny();
    options.limits.resync_min_interval = std::chrono::milliseconds{20};
    Watch watch{options};
    watch.until_true();
    for (int which = 0; which < 3; ++which) {
        const state::Pass::Part during = state::Pass::everything().at(static_cast<std::size_t>(which));
        SCOPED_TRACE("in dump " + std::to_string(which));
        bool struck = false;
        const DuringDumps strike{[&](const Moment& moment) {
            if (moment.part != during || std::exchange(struck, true)) return;
            overflow();
            changes->remove_address("ifb0", inet(which), 32);
            changes->remove_address("ifb0", inet6(which), 128);
        }};
        watch.forget();
        const std::size_t resyncs = watch.losses().size();
        const std::uint64_t overruns = losses(watch, Cause::overrun);
        overflow();
        watch.until_repaired();
        watch.until_true();
        EXPECT_TRUE(struck);
        EXPECT_EQ(losses(watch, Cause::overrun), overruns + 2);
        EXPECT_EQ(watch.losses().size(), resyncs + 1) << "one resync, that goes on";
        EXPECT_EQ(watch.repairs().back().passes, 2u);
        EXPECT_GT(watch.repairs().back().lost, watch.losses().back().lost) << "what the second lost is in it";
    }
}

// Others: finish the dump first, or what there is to do with it, and meanwhile tell readers that all is well.
TEST_F(Overrun, IsToldInTheMidstOfADump) {
    changes->add("ifb", "ifb0");
    for (int n = 0; n < 3'000; ++n) changes->add_address("ifb0", inet(n), 32);
    Watch watch{tiny()};
    watch.until_true();
    const std::size_t resyncs = watch.losses().size();
    int dump = 0, told_at = 0;
    bool struck = false;
    const DuringDumps strike{[&](const Moment& moment) {
        if (moment.part != state::Pass::Part{rtnl::Kind::address, AF_INET, 0}) return;
        if (moment.datagram == 0 && ++dump == 1 && watch.losses().size() == resyncs) {
            overflow();
            struck = true;
        }
        if (dump == 1 && told_at == 0 && watch.losses().size() > resyncs) told_at = moment.datagram;
    }};
    changes->add("ifb", "ifb1");  // which an audit follows
    watch.until("it is told", [&] { return watch.losses().size() > resyncs; });
    watch.until_repaired();
    EXPECT_TRUE(struck);
    EXPECT_GT(told_at, 0) << "while that dump went on";
    watch.until_true();
}

TEST_F(Overrun, EndsTheTellingOfWhatWasFoundBefore) {
    constexpr int many = 1'000;
    changes->add("ifb", "ifb0");
    Watch watch{small_turns()};
    watch.until_true();
    overflow(200);
    for (int n = 0; n < many; ++n) changes->add_address("ifb0", inet(n), 32);
    watch.forget();
    const auto found = [&] {
        const auto& told = watch.told();
        return std::count_if(told.begin(), told.end(),
                             [](const std::string& it) { return it.starts_with("resync added"); });
    };
    watch.until("some are told", [&] { return found() > 0; });
    ASSERT_LT(found(), many / 2);
    overflow(200);
    const std::uint64_t overruns = losses(watch, Cause::overrun);
    watch.until("another overrun is noticed", [&] { return losses(watch, Cause::overrun) > overruns; });
    const auto before = found();
    std::ptrdiff_t at_next_dump = -1;
    {
        const DuringDumps look{[&](const Moment&) {
            if (at_next_dump < 0) at_next_dump = found();
        }};
        watch.until("another dump", [&] { return at_next_dump >= 0; });
    }
    EXPECT_LE(at_next_dump - before, 16) << "what one turn settles";
    watch.until_repaired();
    watch.until_true();
    EXPECT_EQ(found(), many);
}

std::uint64_t received(const Watch& watch) {
    const auto& messages = watch.follower().counters().messages;
    return std::accumulate(messages.begin(), messages.end(), std::uint64_t{0});
}

// Others: never learn of it, where someone else has read the error (getsockopt(SO_ERROR), or a read with
// MSG_PEEK).
TEST_F(Overrun, TheDropCounterTellsOfWhichTheErrorWasReadElsewhere) {
    changes->add("ifb", "ifb0");
    changes->add_address("ifb0", "192.0.2.1", 24);
    Watch watch{tiny()};
    watch.until_true();
    const std::uint64_t overruns = losses(watch, Cause::overrun), before = received(watch);
    watch.forget();
    overflow();
    changes->remove_address("ifb0", "192.0.2.1", 24);
    int error = 0;
    socklen_t length = sizeof error;
    ASSERT_EQ(::getsockopt(events_descriptor(), SOL_SOCKET, SO_ERROR, &error, &length), 0);
    ASSERT_EQ(error, ENOBUFS);
    watch.until_told("resync removed 192.0.2.1 on ifb0");
    watch.until_repaired();
    watch.until_true();
    EXPECT_EQ(losses(watch, Cause::drops), 1u);
    EXPECT_EQ(losses(watch, Cause::overrun), overruns);
    EXPECT_EQ(watch.losses().back().cause, Cause::drops);
    EXPECT_EQ(watch.losses().back().lost.value_or(0) + received(watch), before + 41);
}

// Others: take what a buffer of 32 or 64 KiB holds of it for the message, or find none in it and go on.
TEST_F(Overrun, AMessageThatWasCutIsLost) {
    changes->add("ifb", "ifb0");
    changes->up("ifb0");  // or its names would change in silence
    std::vector<std::string> names;
    for (int i = 0; i < 400; ++i) names.push_back("name-" + std::to_string(i) + std::string(100, 'x'));
    Watch watch;
    watch.until_true();
    {
        const SmallReads small{32 * 1'024};
        changes->add_altnames("ifb0", names);
        watch.until("the loss", [&] { return losses(watch, Cause::truncated) > 0; });
    }
    watch.until_told("resync changed ifb0");
    watch.until_repaired();
    watch.until_true();
    EXPECT_EQ(watch.losses().back().cause, Cause::truncated);
    EXPECT_EQ(watch.losses().back().lost, std::nullopt) << "the kernel counts none";
}

}  // namespace
}  // namespace nlwatch::test
