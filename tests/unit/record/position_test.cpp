#include <gtest/gtest.h>

#include "record/renderer.hpp"

namespace nlwatch::record {
namespace {

TEST(Position, IsReadAsItIsWritten) {
    for (const Position position : {Position{0, 0}, Position{0x4f1c2a9be07d4c55, 123999},
                                    Position{1, 18446744073709551615U}, Position{~std::uint64_t{}, 7}})
        EXPECT_EQ(parse_position(to_string(position)), position) << to_string(position);
    EXPECT_EQ(to_string(Position{0x4f1c2a9be07d4c55, 123999}), "4f1c2a9be07d4c55:123999");
    EXPECT_EQ(to_string(Position{0x1f, 0}), "000000000000001f:0");
}

TEST(Position, IsNothingElse) {
    for (const char* bad : {"",
                            ":",
                            "4f1c2a9be07d4c55",
                            "4f1c2a9be07d4c55:",
                            "4f1c2a9be07d4c5:1",
                            "4f1c2a9be07d4c555:1",
                            "4F1C2A9BE07D4C55:1",
                            "4f1c2a9be07d4c55:01",
                            "4f1c2a9be07d4c55:-1",
                            "4f1c2a9be07d4c55:+1",
                            "4f1c2a9be07d4c55: 1",
                            "4f1c2a9be07d4c55:1 ",
                            " 4f1c2a9be07d4c55:1",
                            "4f1c2a9be07d4c55;1",
                            "4f1c2a9be07d4c5g:1",
                            "4f1c2a9be07d4c55:1:2",
                            "0x1c2a9be07d4c55:1",
                            "-f1c2a9be07d4c55:1",
                            "4f1c2a9be07d4c55:18446744073709551616",
                            "4f1c2a9be07d4c55:1e3"})
        EXPECT_EQ(parse_position(bad), std::nullopt) << bad;
    EXPECT_EQ(parse_position(std::string_view{"4f1c2a9be07d4c55:1\0", 19}), std::nullopt);
}

}  // namespace
}  // namespace nlwatch::record
