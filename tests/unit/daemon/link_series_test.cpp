#include "scrape/link_series.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "state/network_state.hpp"
#include "support/objects.hpp"

namespace nlwatch::scrape {
namespace {

using namespace std::chrono_literals;
using test::gone;
using test::link;
using test::there;
using test::without_carrier;

class Links : public testing::Test {
protected:
    state::NetworkState network{[this](const state::Change& change) { series.changed(change, now()); }};
    AllLinkSeries series{network.table(), {}};
    int second = 0;

    record::Stamp now() const {
        return {state::Time{} + std::chrono::seconds{second},
                std::chrono::system_clock::time_point{} + std::chrono::seconds{second}};
    }
    void take(const rtnl::Update& update) { network.apply(update, {.now = now().monotonic}); }
    void select(record::Globs interfaces) {
        record::Scope scope;
        scope.interfaces = std::move(interfaces);
        series.select(scope, now());
    }

    // "eth0 up=1 admin=1 carrier=1 since=0 told=0,0,0,0": transitions in the label's order.
    std::string shown(std::string_view device) const {
        std::string text;
        for (const LinkSeries& one : series.copy()) {
            if (one.device != device) continue;
            text += std::string{device} + " up=" + std::to_string(one.up) +
                    " admin=" + std::to_string(one.admin_up) + " carrier=" + std::to_string(one.carrier) +
                    " since=" + std::to_string(one.last_change.time_since_epoch() / 1s) + " told=";
            for (const std::uint64_t told : one.told) text += std::to_string(told) + ",";
            text.pop_back();
        }
        return text;
    }
    std::size_t count() const { return series.copy().size(); }
};

TEST_F(Links, OfTheFirstTableBeginAtZero) {
    take(there(link(2, "eth0")));
    take(there(without_carrier(link(2, "eth0"))));
    EXPECT_EQ(count(), 0u) << "before, nothing is held to be right";
    second = 5;
    series.begin(now());
    EXPECT_EQ(shown("eth0"), "eth0 up=0 admin=1 carrier=0 since=5 told=0,0,0,0");
}

// So that increase() over two scrapes tells of the first flap, too.
TEST_F(Links, BeginAtZeroWhenTheyAppearUpOrDown) {
    series.begin(now());
    take(there(link(2, "eth0")));
    EXPECT_EQ(shown("eth0"), "eth0 up=1 admin=1 carrier=1 since=0 told=0,0,0,0");
    second = 7;
    take(there(without_carrier(link(2, "eth0"))));
    EXPECT_EQ(shown("eth0"), "eth0 up=0 admin=1 carrier=0 since=7 told=0,1,0,1");
    take(there(link(2, "eth0")));
    EXPECT_EQ(shown("eth0"), "eth0 up=1 admin=1 carrier=1 since=7 told=1,1,1,1");
}

TEST_F(Links, OtherChangesAreNoChangeOfState) {
    series.begin(now());
    take(there(link(2, "eth0")));
    second = 7;
    rtnl::Link larger = link(2, "eth0");
    larger.mtu = 9'000;
    take(there(larger));
    EXPECT_EQ(shown("eth0"), "eth0 up=1 admin=1 carrier=1 since=0 told=0,0,0,0");
}

TEST_F(Links, AdminDownIsToldWithoutATransitionOfItsOwn) {
    series.begin(now());
    take(there(link(2, "eth0")));
    second = 7;
    rtnl::Link down = without_carrier(link(2, "eth0"));
    down.flags = 0;
    take(there(down));
    EXPECT_EQ(shown("eth0"), "eth0 up=0 admin=0 carrier=0 since=7 told=0,1,0,1");
    second = 9;
    down.flags = 1;  // IFF_UP
    take(there(down));
    EXPECT_EQ(shown("eth0"), "eth0 up=0 admin=1 carrier=0 since=9 told=0,1,0,1");
}

TEST_F(Links, CountFlapsThatNobodySaw) {
    series.begin(now());
    take(there(link(2, "eth0"), {1, 0}));
    network.after_loss(true);
    second = 3;
    network.apply(there(link(2, "eth0"), {4, 3}), {.origin = state::Origin::resync, .now = now().monotonic});
    EXPECT_EQ(shown("eth0"), "eth0 up=1 admin=1 carrier=1 since=3 told=3,3,0,0");
}

TEST_F(Links, GoWithTheLink) {
    series.begin(now());
    take(there(link(2, "eth0")));
    take(gone(link(2, "eth0")));
    EXPECT_EQ(count(), 0u);
    second = 4;
    take(there(link(3, "eth0")));
    EXPECT_EQ(shown("eth0"), "eth0 up=1 admin=1 carrier=1 since=4 told=0,0,0,0")
        << "another link of that name";
}

TEST_F(Links, ARenamedLinkIsANewDevice) {
    series.begin(now());
    take(there(link(2, "eth0")));
    take(there(without_carrier(link(2, "eth0"))));
    second = 4;
    take(there(without_carrier(link(2, "lan0"))));
    EXPECT_EQ(shown("eth0"), "");
    EXPECT_EQ(shown("lan0"), "lan0 up=0 admin=1 carrier=0 since=4 told=0,0,0,0");
}

TEST_F(Links, ASelectionGoesByNameAndKind) {
    record::Scope scope;
    scope.interfaces = record::Globs{{"eth*"}};
    scope.link_kinds = record::Globs{{"!veth"}};
    series.select(scope, now());
    series.begin(now());
    take(there(link(2, "eth0", "bridge")));
    take(there(link(3, "lan0", "bridge")));
    take(there(link(4, "eth1", "veth")));
    EXPECT_EQ(count(), 1u);
    take(there(link(2, "lan1", "bridge")));
    EXPECT_EQ(count(), 0u) << "renamed out of it";
    take(there(link(3, "eth3", "bridge")));
    EXPECT_EQ(shown("eth3"), "eth3 up=1 admin=1 carrier=1 since=0 told=0,0,0,0") << "renamed into it";
}

TEST_F(Links, AnotherSelectionKeepsWhatItStillSelects) {
    series.begin(now());
    for (std::uint32_t i = 2; i < 5; ++i) take(there(link(i, "eth" + std::to_string(i))));
    take(there(without_carrier(link(2, "eth2"))));
    second = 8;
    select(record::Globs{{"eth2", "eth3"}});
    EXPECT_EQ(count(), 2u);
    EXPECT_EQ(shown("eth2"), "eth2 up=0 admin=1 carrier=0 since=0 told=0,1,0,1");
    take(there(without_carrier(link(4, "eth4"))));
    select(record::Globs{{"*"}});
    EXPECT_EQ(shown("eth4"), "eth4 up=0 admin=1 carrier=0 since=8 told=0,0,0,0");
    EXPECT_EQ(shown("eth2"), "eth2 up=0 admin=1 carrier=0 since=0 told=0,1,0,1");
}

TEST_F(Links, ASelectionBeforeTheFirstTableWaitsForIt) {
    take(there(link(2, "eth0")));
    select(record::Globs{{"eth*"}});
    EXPECT_EQ(count(), 0u);
    series.begin(now());
    EXPECT_EQ(count(), 1u);
}

TEST_F(Links, BeyondTheMostHaveNoneUntilAPlaceIsFree) {
    series.begin(now());
    const auto most = static_cast<std::uint32_t>(AllLinkSeries::most);
    for (std::uint32_t i = 1; i <= most + 2; ++i) take(there(link(i, "eth" + std::to_string(i))));
    EXPECT_EQ(count(), most);
    EXPECT_EQ(series.left_out(), 2u);
    const std::string late = "eth" + std::to_string(most + 1);
    EXPECT_EQ(shown(late), "");
    take(gone(link(most + 2, "")));
    EXPECT_EQ(series.left_out(), 1u);
    second = 6;
    take(gone(link(7, "eth7")));
    EXPECT_EQ(shown(late), late + " up=1 admin=1 carrier=1 since=6 told=0,0,0,0");
    EXPECT_EQ(series.left_out(), 0u);

    take(there(link(7, "eth7")));
    EXPECT_EQ(series.left_out(), 1u);
    select(record::Globs{{"!eth1"}});
    EXPECT_EQ(series.left_out(), 0u) << "another selection made room";
    EXPECT_NE(shown("eth7"), "");
    select({});
    EXPECT_EQ(count(), most);
    EXPECT_EQ(series.left_out(), 1u);
    EXPECT_NE(shown("eth7"), "") << "who has series keeps them";
}

TEST_F(Links, AddressesAreNone) {
    series.begin(now());
    take(there(link(2, "eth0")));
    take(there(test::inet(2, 1)));
    EXPECT_EQ(count(), 1u);
}

}  // namespace
}  // namespace nlwatch::scrape
