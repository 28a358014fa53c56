#include "record/nearest.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

using namespace nlwatch::record;

TEST(Nearest, FindsSlipsAndNothingElse) {
    constexpr std::array<std::string_view, 3> known{"timeout", "interface", "link_kind"};
    EXPECT_EQ(nearest("timeuot", known), "timeout");
    EXPECT_EQ(nearest("interfaces", known), "interface");
    EXPECT_EQ(nearest("linkkind", known), "link_kind");
    EXPECT_EQ(nearest("colour", known), std::nullopt);
}

TEST(Nearest, OfAVeryLongWordIsNothing) {
    constexpr std::array<std::string_view, 2> known{"kind", "interface"};
    EXPECT_EQ(nearest(std::string(1'000'000, 'k'), known), std::nullopt);
}

TEST(EditDistance, CountsASwapOnce) {
    EXPECT_EQ(edit_distance("timeuot", "timeout"), 1u);
    EXPECT_EQ(edit_distance("", "abc"), 3u);
    EXPECT_EQ(edit_distance("kitten", "sitting"), 3u);
}
