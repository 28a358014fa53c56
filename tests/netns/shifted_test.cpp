// Dumps in which rows are missing that never went, since something was deleted while they were made; and how
// others took them: each test has the wrong result in the line above it.
#include <linux/if_addr.h>

#include "netns/blind.hpp"
#include "netns/intercept.hpp"

namespace nlwatch::test {
namespace {

using state::Pass;

constexpr Pass::Part all_links{rtnl::Kind::link, 0, 0};
constexpr Pass::Part all_inet{rtnl::Kind::address, AF_INET, 0};
constexpr Pass::Part all_inet6{rtnl::Kind::address, AF_INET6, 0};

class Shifted : public Blind {
protected:
    void add_addresses(std::string_view ifname, int first, int count, bool v6 = false) {
        for (int n = first; n < first + count; ++n)
            v6 ? changes->add_address(ifname, inet6(n), 128) : changes->add_address(ifname, inet(n), 32);
    }
    // A buffer that an overflow of a hundred pairs fills, and what a test does during a dump does not.
    static kernel::Follower::Options lossy() {
        constexpr std::size_t bytes = 64 * 1'024;
        return {.receive_buffer = bytes, .receive_buffer_max = bytes};
    }
    // An audit, by a silent change that is likely; it, and what it makes to be looked at again, have ended.
    void audit(Watch& watch) {
        const kernel::SyncMachine& sync = watch.follower().sync();
        const std::uint64_t passes = sync.counters().all(), clean = sync.counters().clean;
        up_ = !up_;
        up_ ? changes->up("nudge") : changes->down("nudge");
        watch.until("an audit", [&] {
            return sync.counters().all() > passes && sync.counters().clean > clean && sync.settled();
        });
    }
    static void expect_none_removed(const Watch& watch, std::string_view ifname, bool but_live = false) {
        for (const std::string& told : watch.told())
            if (told.find(" removed ") != std::string::npos && told.ends_with(ifname) &&
                !(but_live && told.starts_with("live ")))
                ADD_FAILURE() << told;
    }

private:
    bool up_ = false;
};

struct Cut {
    const char* name;
    int quiet;  // addresses of the link behind the cut
    bool goes;  // the link at the cut, not only its IPv6
};

class CarriedOver : public Shifted, public testing::WithParamInterface<Cut> {};

// Others: remove the addresses of a link on which nothing happened. The kernel counts the rows that it has
// sent of the link at which a datagram ended. When that loses its IPv6, the count is carried over to the next
// link, whose rows are skipped: some of them, or all, and then the dump just ends.
TEST_P(CarriedOver, TheAddressesOfAQuietLinkRemain) {
    changes->add("ifb", "nudge");
    changes->add("ifb", "first");
    changes->add("ifb", "cut");
    changes->add("ifb", "quiet");
    // A datagram holds 400 to 460 rows: the first ends in the first link, the second in that which is cut.
    add_addresses("first", 0, 500, true);
    add_addresses("cut", 1'000, 700, true);
    add_addresses("quiet", 2'000, GetParam().quiet, true);
    Watch watch;
    watch.until_true();
    bool struck = false;
    const DuringDumps strike{[&](const Moment& moment) {
        if (moment.part != all_inet6 || moment.datagram != 1 || std::exchange(struck, true)) return;
        GetParam().goes ? changes->remove("cut") : changes->set_mtu("cut", 1'279);
    }};
    watch.forget();
    const std::uint64_t dirty = watch.follower().sync().counters().dirty;
    audit(watch);
    EXPECT_TRUE(struck);
    EXPECT_GT(watch.follower().sync().counters().dirty, dirty);
    expect_none_removed(watch, " on quiet");
    expect_none_removed(watch, " on first");
    watch.until_true();
}

INSTANTIATE_TEST_SUITE_P(Cuts, CarriedOver,
                         testing::Values(Cut{"SomeSkipped", 500, false}, Cut{"AllSkipped", 30, false},
                                         Cut{"AllSkippedAsTheLinkGoes", 30, true}),
                         [](const auto& cut) { return cut.param.name; });

// Others: remove the last address of a link whose first was deleted: the dump is one row longer than fits,
// that row moves up into the place of one already sent, and what remains looks like a dump in one datagram.
TEST_F(Shifted, TheRowThatDidNotFitRemains) {
    changes->add("ifb", "nudge");
    changes->add("ifb", "full");
    add_addresses("full", 0, 700);
    Watch watch;
    watch.until_true();
    std::size_t fit = 0;
    {
        const DuringDumps count{[&](const Moment& moment) {
            if (moment.part == all_inet && moment.datagram == 1) fit = moment.rows;
        }};
        audit(watch);
    }
    ASSERT_GT(fit, 300u);
    ASSERT_LT(fit, 700u);
    // With the loopback link's, one more than fit.
    for (int n = static_cast<int>(fit); n < 700; ++n) changes->remove_address("full", inet(n), 32);
    watch.until_true();

    int dumps = 0, datagrams = 0;
    const DuringDumps strike{[&](const Moment& moment) {
        if (moment.part != all_inet) return;
        dumps += moment.datagram == 0;
        if (dumps == 1) datagrams = moment.datagram + 1;
        if (dumps == 1 && moment.datagram == 0) changes->remove_address("full", inet(0), 32);
    }};
    watch.forget();
    audit(watch);
    EXPECT_EQ(datagrams, 2) << "the second says no more than that it is the end";
    expect_none_removed(watch, " on full", true);
    watch.until_true();
}

// Others: let the row win, and hold for good what was deleted, or the old value. It was filled before the
// event was sent, and is read after it.
TEST_F(Shifted, ARowIsOlderThanAnEvent) {
    changes->add("ifb", "ifb0");
    changes->up("ifb0");
    changes->add_address("ifb0", "192.0.2.1", 24);
    Watch watch{lossy()};
    watch.until_true();
    overflow(100);
    changes->add_address("ifb0", "192.0.2.2", 24);  // which the row will show first
    changes->set_alias("ifb0", "old");
    const DuringDumps strike{[&, struck = false](const Moment& moment) mutable {
        if (moment.datagram != 0 || struck) return;
        if (moment.part == all_links) changes->set_alias("ifb0", "new");
        if (moment.part != all_inet) return;
        struck = true;
        changes->remove_address("ifb0", "192.0.2.2", 24);
    }};
    watch.forget();
    watch.until_repaired();
    watch.until_true();
    EXPECT_EQ(watch.repairs().back().passes, 1u);
    EXPECT_FALSE(watch.was_told("resync added 192.0.2.2 on ifb0"));
}

// Others: take for gone what was added while the dump was made, since its row is not in it.
TEST_F(Shifted, AnEventIsNewerThanTheDump) {
    changes->add("ifb", "nudge");
    changes->add("ifb", "ifb0");
    Watch watch;
    watch.until_true();
    bool struck = false;
    const DuringDumps strike{[&](const Moment& moment) {
        if (moment.part != all_inet || std::exchange(struck, true)) return;
        changes->add_address("ifb0", "192.0.2.1", 24);
    }};
    watch.forget();
    audit(watch);
    EXPECT_TRUE(struck);
    EXPECT_TRUE(watch.was_told("live added 192.0.2.1 on ifb0"));
    expect_none_removed(watch, " on ifb0");
    watch.until_true();
}

// Others: wait for a dump that nothing disturbs, and repair nothing until then; or take the disturbed one,
// and lose addresses that were there all the time.
class Endless : public Shifted {
protected:
    // One link whose addresses need more than a datagram, one that is quiet, and ghosts on both. Then the
    // large one never rests: before each second datagram its first address goes, and comes back at its end.
    void SetUp() override {
        Shifted::SetUp();
        if (IsSkipped()) return;
        for (const char* name : {"nudge", "large", "quiet"}) changes->add("ifb", name);
        add_addresses("large", 0, 1'000);
        add_addresses("quiet", 5'000, 10);
        watch.emplace(lossy());
        watch->until_true();
    }
    // Overflows by addresses: behind a message of a link an audit would follow, and look everywhere.
    void lose(std::string_view ifname, const std::string& local) {
        for (int i = 0; i < 400; ++i) {
            changes->add_address("lo", "192.0.2.2", 32);
            changes->remove_address("lo", "192.0.2.2", 32);
        }
        changes->remove_address(ifname, local, 32);
    }
    void disturb(const Moment& moment) {
        if (moment.part.kind != rtnl::Kind::address || moment.part.family != AF_INET || moment.datagram != 1)
            return;
        changes->remove_address("large", inet(first_), 32);
        changes->add_address("large", inet(first_++), 32);
    }
    std::uint64_t passes() const { return watch->follower().sync().counters().all(); }

    std::optional<Watch> watch;
    int first_ = 0;
};

TEST_F(Endless, WhatIsLostElsewhereIsFoundAllTheSame) {
    lose("quiet", inet(5'003));
    const DuringDumps strike{[&](const Moment& moment) { disturb(moment); }};
    watch->forget();
    const std::uint64_t before = passes();
    watch->until_told("resync removed " + inet(5'003) + " on quiet");
    EXPECT_LE(passes() - before, 3u);
    expect_none_removed(*watch, " on large", true);
}

TEST_F(Endless, LinksThatComeAndGoDoNotHideIt) {
    lose("large", inet(700));
    const DuringDumps strike{[&](const Moment& moment) {
        if (moment.part.kind != rtnl::Kind::address || moment.datagram != 0) return;
        changes->add("ifb", "fleeting");
        changes->remove("fleeting");
    }};
    watch->forget();
    const std::uint64_t before = passes();
    watch->until_told("resync removed " + inet(700) + " on large");
    EXPECT_LE(passes() - before, 3u);
    expect_none_removed(*watch, inet(701) + " on large");
    expect_none_removed(*watch, " on quiet");
}

TEST_F(Endless, AResyncThatCannotEndSaysSoAndTheStreamGoesOn) {
    lose("large", inet(700));
    const DuringDumps strike{[&](const Moment& moment) { disturb(moment); }};
    watch->forget();
    const std::uint64_t before = passes();
    const std::size_t repairs = watch->repairs().size();
    watch->until("eight passes", [&] { return passes() >= before + 8; });
    EXPECT_EQ(watch->repairs().size(), repairs) << "not ended";
    EXPECT_EQ(watch->losses().size(), repairs + 1) << "but begun";
    EXPECT_TRUE(watch->follower().sync().complete());
    EXPECT_FALSE(watch->follower().sync().settled());
    changes->add_address("quiet", "192.0.2.1", 24);
    watch->until_told("live added 192.0.2.1 on quiet");
    EXPECT_TRUE(watch->was_told("live removed " + inet(0) + " on large"));
    expect_none_removed(*watch, " on large", true);

    // A loss in the midst of it is repaired where it can be.
    lose("quiet", inet(5'004));
    watch->until_told("resync removed " + inet(5'004) + " on quiet");
    EXPECT_EQ(watch->losses().size(), repairs + 1) << "it is still the same resync";
    EXPECT_EQ(watch->repairs().size(), repairs);
}

TEST_F(Endless, AndEndsWhenThereIsRest) {
    lose("large", inet(700));
    watch->forget();
    {
        const DuringDumps strike{[&](const Moment& moment) { disturb(moment); }};
        const std::uint64_t before = passes();
        watch->until("five passes", [&] { return passes() >= before + 5; });
    }
    watch->until_repaired();
    EXPECT_TRUE(watch->was_told("resync removed " + inet(700) + " on large"));
    expect_none_removed(*watch, inet(701) + " on large");
    watch->until_true();
    EXPECT_GE(watch->repairs().back().passes, 5u);
}

}  // namespace
}  // namespace nlwatch::test
