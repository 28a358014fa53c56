#include "config/values.hpp"

#include <gtest/gtest.h>

using namespace nlwatch::config;
using namespace std::chrono_literals;

TEST(Size, IsANumberAndAUnit) {
    EXPECT_EQ(parse_size("8 MiB"), 8u << 20);
    EXPECT_EQ(parse_size("64KiB"), 64u << 10);
    EXPECT_EQ(parse_size("3 GiB"), 3ull << 30);
    EXPECT_EQ(parse_size("7 B"), 7u);
    EXPECT_EQ(parse_size("0 B"), 0u);
}

TEST(Size, RefusesWhatItMightMisread) {
    for (const char* text : {"", "8", "MiB", "8 MB", "8 mib", "-8 MiB", "8.5 MiB", "8 MiB ", " 8 MiB",
                             "0x8 MiB", "99999999999 GiB", "18446744073709551616 B"})
        EXPECT_EQ(parse_size(text), std::nullopt) << text;
}

TEST(Duration, IsANumberAndAUnit) {
    EXPECT_EQ(parse_duration("250 ms"), 250ms);
    EXPECT_EQ(parse_duration("1 s"), 1s);
    EXPECT_EQ(parse_duration("15 min"), 15min);
    EXPECT_EQ(parse_duration("2h"), 2h);
}

TEST(Duration, RefusesWhatItMightMisread) {
    for (const char* text : {"", "1", "s", "1 sec", "1 m", "-1 s", "1.5 s", "1 s 1 ms", "9000000000 h"})
        EXPECT_EQ(parse_duration(text), std::nullopt) << text;
}

TEST(Mode, IsOctal) {
    EXPECT_EQ(parse_mode("0660"), 0660u);
    EXPECT_EQ(parse_mode("0000"), 0u);
    for (const char* text : {"", "600", "00600", "0888", "1777", "rw-rw----", "0660 ", "-1"})
        EXPECT_EQ(parse_mode(text), std::nullopt) << text;
}

TEST(Text, IsInTheLargestUnitThatDivides) {
    EXPECT_EQ(size_text(8u << 20), "8 MiB");
    EXPECT_EQ(size_text(1536u << 10), "1536 KiB");
    EXPECT_EQ(size_text(2304), "2304 B");
    EXPECT_EQ(duration_text(90'000ms), "90 s");
    EXPECT_EQ(duration_text(24h), "24 h");
    EXPECT_EQ(duration_text(1'001ms), "1001 ms");
}
