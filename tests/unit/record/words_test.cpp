#include "record/words.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <set>

namespace nlwatch::record {
namespace {

const std::vector<Words> sets{words::link_flags, words::vlan_flags, words::macvlan_flags};
const std::vector<Words> numbers{words::operstate,
                                 words::linkmode,
                                 words::link_type,
                                 words::group,
                                 words::family,
                                 words::scope,
                                 words::address_protocol,
                                 words::ethertype,
                                 words::port_state,
                                 words::vxlan_df,
                                 words::macvlan_mode,
                                 words::tun_type,
                                 words::bond_mode,
                                 words::bond_arp_validate,
                                 words::bond_arp_all_targets,
                                 words::bond_primary_reselect,
                                 words::bond_fail_over_mac,
                                 words::bond_xmit_hash_policy,
                                 words::bond_lacp_rate,
                                 words::bond_ad_select,
                                 words::bond_port_state,
                                 words::bond_mii_status,
                                 words::off_on};

TEST(Words, AreUniqueBothWays) {
    std::vector<Words> all = sets;
    all.insert(all.end(), numbers.begin(), numbers.end());
    for (const Words& table : all) {
        ASSERT_FALSE(table.empty());
        std::set<std::uint32_t> seen_numbers;
        std::set<std::string_view> seen_words;
        for (const WordEntry& entry : table) {
            EXPECT_TRUE(seen_numbers.insert(entry.number).second) << entry.word;
            EXPECT_TRUE(seen_words.insert(entry.word).second) << entry.word;
            EXPECT_EQ(word_of(table, entry.number), entry.word);
            EXPECT_EQ(number_of(table, entry.word), entry.number);
            // A number without a word is written as digits: no word may look like one.
            EXPECT_NE(entry.word.find_first_not_of("0123456789"), entry.word.npos) << entry.word;
            // Words are written into JSON as they are.
            EXPECT_EQ(entry.word.find_first_of("\"\\"), entry.word.npos) << entry.word;
        }
    }
}

TEST(Words, OfASetAreOneBitEach) {
    for (const Words& table : sets)
        for (const WordEntry& entry : table) EXPECT_EQ(std::popcount(entry.number), 1) << entry.word;
}

TEST(Words, UnknownIsNone) {
    EXPECT_EQ(word_of(words::operstate, 200), std::nullopt);
    EXPECT_EQ(number_of(words::operstate, "up"), std::nullopt);
    EXPECT_EQ(word_of({}, 0), std::nullopt);
}

}  // namespace
}  // namespace nlwatch::record
