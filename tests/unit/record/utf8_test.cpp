#include "record/utf8.hpp"

#include <gtest/gtest.h>

#include <string>

using nlwatch::record::is_utf8;
using nlwatch::record::utf8_character;

namespace {

// By the definition: decode, encode again, and compare. Slow, and written the other way round than the code.
std::string encoded(std::uint32_t point) {
    const auto tail = [&](int shift) { return static_cast<char>(0x80 | (point >> shift & 0x3f)); };
    if (point < 0x80) return {static_cast<char>(point)};
    if (point < 0x800) return {static_cast<char>(0xc0 | point >> 6), tail(0)};
    if (point < 0x10000) return {static_cast<char>(0xe0 | point >> 12), tail(6), tail(0)};
    return {static_cast<char>(0xf0 | point >> 18), tail(12), tail(6), tail(0)};
}
bool is_surrogate(std::uint32_t point) { return point >= 0xd800 && point <= 0xdfff; }

}  // namespace

TEST(Utf8, TakesEveryCharacterAndNothingShorter) {
    for (std::uint32_t point = 0; point <= 0x10ffff; ++point) {
        const std::string text = encoded(point);
        ASSERT_EQ(utf8_character(text), is_surrogate(point) ? 0 : text.size()) << point;
        if (is_surrogate(point)) continue;
        ASSERT_EQ(utf8_character(text + "\x80"), text.size()) << point;
        for (std::size_t cut = 1; cut < text.size(); ++cut)
            ASSERT_EQ(utf8_character(std::string_view{text}.substr(0, cut)), 0u) << point;
    }
}

TEST(Utf8, OfTwoBytesOnlyTheTwoByteCharactersAreOne) {
    for (unsigned first = 0; first < 256; ++first)
        for (unsigned second = 0; second < 256; ++second) {
            const std::string text{static_cast<char>(first), static_cast<char>(second)};
            const bool pair = first >= 0xc0 && first < 0xe0 && (second & 0xc0) == 0x80 &&
                              encoded((first & 0x1f) << 6 | (second & 0x3f)) == text;
            ASSERT_EQ(utf8_character(text), first < 0x80 ? 1u : pair ? 2u : 0u) << first << ' ' << second;
            ASSERT_EQ(is_utf8(text), pair || (first < 0x80 && second < 0x80)) << first << ' ' << second;
        }
}

TEST(Utf8, RefusesOverlongAndTooLarge) {
    for (const char* bad :
         {"\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80",
          "\xf8\x88\x80\x80\x80", "\xff", "\x80", "\xe2\x82", "\xe2\x28\xa1", "\xed\xa0\x80"})
        EXPECT_FALSE(is_utf8(bad)) << bad;
    EXPECT_TRUE(is_utf8(""));
    EXPECT_TRUE(is_utf8("gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x90\xa7"));
    EXPECT_FALSE(is_utf8("a\xff"));
}
