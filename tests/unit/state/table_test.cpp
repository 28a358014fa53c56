#include "state/table.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "support/objects.hpp"

namespace nlwatch::test {
namespace {

using rtnl::Key;
using rtnl::Kind;
using state::RowPtr;
using state::Table;

Key inet_key(std::uint32_t ifindex, std::uint8_t host) { return key_of(inet(ifindex, host)); }

RowPtr row(const Key& key) {
    auto row = std::make_shared<state::Row>();
    row->key = key;
    return row;
}

std::vector<Key> keys(const Table& table) {
    std::vector<Key> keys;
    for (RowPtr row = table.at_or_after({}); row; row = table.after(row->key)) keys.push_back(row->key);
    return keys;
}

Table of_links(std::uint32_t first, std::uint32_t last) {
    Table table;
    for (std::uint32_t i = first; i <= last; ++i) table.put(row(rtnl::link_key(i)));
    return table;
}

TEST(Table, IsEmptyAtFirst) {
    const Table table;
    EXPECT_EQ(table.size(), 0u);
    EXPECT_EQ(table.find(rtnl::link_key(1)), nullptr);
    EXPECT_EQ(table.at_or_after({}), nullptr);
    EXPECT_EQ(table.after(rtnl::link_key(1)), nullptr);
    EXPECT_EQ(Table{}.erase(rtnl::link_key(1)), nullptr);
}

TEST(Table, PutsALinkBeforeWhatIsOnIt) {
    Table table;
    for (const Key& key : {inet_key(3, 1), rtnl::link_key(10), inet_key(2, 9), key_of(inet6(2, 1)),
                           rtnl::link_key(2), inet_key(2, 1), rtnl::link_key(3)})
        table.put(row(key));
    EXPECT_EQ(keys(table),
              (std::vector{rtnl::link_key(2), inet_key(2, 1), inet_key(2, 9), key_of(inet6(2, 1)),
                           rtnl::link_key(3), inet_key(3, 1), rtnl::link_key(10)}));
}

TEST(Table, SaysWhatItReplacedOrErased) {
    Table table;
    const RowPtr first = row(rtnl::link_key(2)), second = row(rtnl::link_key(2));
    EXPECT_EQ(table.put(first), nullptr);
    EXPECT_EQ(table.put(second), first);
    EXPECT_EQ(table.size(), 1u);
    EXPECT_EQ(table.erase(rtnl::link_key(3)), nullptr);
    EXPECT_EQ(table.erase(rtnl::link_key(2)), second);
    EXPECT_EQ(table.size(), 0u);
}

TEST(Table, CountsByKind) {
    Table table = of_links(1, 3);
    table.put(row(inet_key(1, 1)));
    table.put(row(inet_key(1, 1)));
    EXPECT_EQ(table.size(Kind::link), 3u);
    EXPECT_EQ(table.size(Kind::address), 1u);
    table.erase(rtnl::link_key(2));
    table.erase(inet_key(1, 1));
    EXPECT_EQ(table.size(Kind::link), 2u);
    EXPECT_EQ(table.size(Kind::address), 0u);
}

TEST(Table, ACopyStaysAsItIs) {
    Table table = of_links(1, 1'000);
    const Table copy = table;
    const std::vector<Key> before = keys(copy);
    for (std::uint32_t i = 2; i <= 1'000; i += 2) table.erase(rtnl::link_key(i));
    for (std::uint32_t i = 2'000; i <= 2'500; ++i) table.put(row(rtnl::link_key(i)));
    EXPECT_EQ(keys(copy), before);
    EXPECT_EQ(copy.size(), 1'000u);
    EXPECT_EQ(table.size(), 1'001u);
}

TEST(Table, TheOriginalStaysAsItIsWhenACopyChanges) {
    const Table table = of_links(1, 1'000);
    Table copy = table;
    copy.erase(rtnl::link_key(500));
    EXPECT_NE(table.find(rtnl::link_key(500)), nullptr);
    EXPECT_EQ(table.size(), 1'000u);
}

TEST(Table, CopiesSharePagesUntilOneIsWritten) {
    Table table = of_links(1, 10'000);
    const auto holders = [&](std::uint32_t ifindex) {
        return table.find(rtnl::link_key(ifindex)).use_count() - 1;  // without the one that find() returned
    };
    ASSERT_EQ(holders(1), 1);
    const Table copy = table;
    EXPECT_EQ(holders(1), 1) << "copying must not touch rows";
    table.put(row(rtnl::link_key(2)));
    EXPECT_EQ(holders(1), 2) << "the page that was written is cloned";
    EXPECT_EQ(holders(9'999), 1) << "the others are not";
}

TEST(Table, APageThatNoCopyHoldsAnyMoreIsWrittenInPlace) {
    Table table = of_links(1, 100);
    { const Table copy = table; }
    const RowPtr neighbour = table.find(rtnl::link_key(1));
    table.put(row(rtnl::link_key(2)));
    EXPECT_EQ(neighbour.use_count(), 2);
}

TEST(Table, AWalkPausesWhileTheTableChanges) {
    Table table = of_links(1, 600);
    RowPtr place = table.at_or_after({});
    while (place->key.ifindex != 300) place = table.after(place->key);
    for (std::uint32_t i = 290; i <= 310; ++i)
        table.erase(rtnl::link_key(i));  // the walker's own row as well
    table.put(row(inet_key(300, 1)));
    table.put(row(rtnl::link_key(305)));
    std::vector<std::uint32_t> next;
    for (int i = 0; i < 3; ++i) {
        place = table.after(place->key);
        next.push_back(place->key.ifindex);
    }
    EXPECT_EQ(next, (std::vector<std::uint32_t>{300, 305, 311}));
}

TEST(Table, TakesKeysInAnyOrder) {
    Table up, down;
    for (std::uint32_t i = 1; i <= 2'000; ++i) {
        up.put(row(rtnl::link_key(i)));
        down.put(row(rtnl::link_key(2'001 - i)));
    }
    EXPECT_EQ(keys(up), keys(down));
    EXPECT_EQ(keys(up).size(), 2'000u);
}

using Model = std::map<Key, RowPtr>;

void expect_equal(const Table& table, const Model& model) {
    ASSERT_EQ(table.size(), model.size());
    RowPtr row = table.at_or_after({});
    for (const auto& [key, expected] : model) {
        ASSERT_EQ(row, expected);
        row = table.after(key);
    }
    ASSERT_EQ(row, nullptr);
}

void live_at_random(unsigned seed) {
    std::mt19937 random{seed};
    const auto upto = [&](std::uint32_t n) { return random() % n; };
    // Few keys: many replacements; many: pages that split and pages that empty.
    const std::uint32_t links = 1 + upto(seed % 2 ? 20 : 1'500);
    const auto any_key = [&]() -> Key {
        const std::uint32_t ifindex = 1 + upto(links);
        return upto(3) == 0 ? inet_key(ifindex, static_cast<std::uint8_t>(upto(4))) : rtnl::link_key(ifindex);
    };

    Table table;
    Model model;
    std::vector<std::pair<Table, Model>> copies;
    bool growing = true;
    for (int step = 0; step < 4'000; ++step) {
        if (upto(1'000) == 0) growing = !growing;
        const Key key = any_key();
        if (upto(10) < (growing ? 8u : 2u)) {
            const RowPtr fresh = row(key);
            const RowPtr expected = model.contains(key) ? model[key] : nullptr;
            ASSERT_EQ(table.put(fresh), expected);
            model[key] = fresh;
        } else {
            const RowPtr expected = model.contains(key) ? model[key] : nullptr;
            ASSERT_EQ(table.erase(key), expected);
            model.erase(key);
        }
        if (upto(500) == 0) copies.emplace_back(table, model);
        if (!copies.empty() && upto(1'500) == 0) copies.erase(copies.begin());

        const Key probe = any_key();
        const auto found = model.find(probe), from = model.lower_bound(probe),
                   behind = model.upper_bound(probe);
        ASSERT_EQ(table.find(probe), found == model.end() ? nullptr : found->second);
        ASSERT_EQ(table.at_or_after(probe), from == model.end() ? nullptr : from->second);
        ASSERT_EQ(table.after(probe), behind == model.end() ? nullptr : behind->second);
    }
    expect_equal(table, model);
    for (const auto& [copy, then] : copies) expect_equal(copy, then);
}

TEST(Table, EqualsAMapInRandomLives) {
    for (unsigned seed = 0; seed < 40 && !testing::Test::HasFatalFailure(); ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        live_at_random(seed);
    }
}

}  // namespace
}  // namespace nlwatch::test
