#include "record/safe_text.hpp"

#include <gtest/gtest.h>

using nlwatch::record::safe;

TEST(SafeText, LeavesWhatDoesNoHarm) {
    for (const char* text :
         {"", "eth0", "a\"b", "<script>", "gr\xc3\xbc\xc3\x9f", "\xe2\x82\xac", "\xc2\xa0"})
        EXPECT_EQ(safe(text), text);
}

TEST(SafeText, EscapesControlsAndTheBackslash) {
    EXPECT_EQ(safe("\033[31mred"), "\\x1b[31mred");
    EXPECT_EQ(safe("two\nlines\t"), "two\\x0alines\\x09");
    EXPECT_EQ(safe("\\x41"), "\\x5cx41");
    EXPECT_EQ(safe("\x7f"), "\\x7f");
    EXPECT_EQ(safe(std::string_view{"\0a", 2}), "\\x00a");
}

TEST(SafeText, EscapesC1ControlsThatAreUtf8) {
    EXPECT_EQ(safe("\xc2\x9b"
                   "31m"),
              "\\xc2\\x9b31m");  // CSI in one character
    EXPECT_EQ(safe("\xc2\x80\xc2\x9f"), "\\xc2\\x80\\xc2\\x9f");
}

TEST(SafeText, EscapesEachBadByteAlone) {
    EXPECT_EQ(safe("e\xff"), "e\\xff");
    EXPECT_EQ(safe("\xe2\x82"), "\\xe2\\x82");
    EXPECT_EQ(safe("\xc3("), "\\xc3(");
}

TEST(SafeText, AppendsBehindWhatIsThere) {
    std::string out = "x=";
    nlwatch::record::append_safe(out, "\n");
    EXPECT_EQ(out, "x=\\x0a");
}

TEST(SafeText, OfAStrangerIsAnExcerpt) {
    using nlwatch::record::safe_excerpt;
    EXPECT_EQ(safe_excerpt("state_donw\xff"), "state_donw\\xff");
    EXPECT_EQ(safe_excerpt(std::string(60, 'x')), std::string(60, 'x'));
    EXPECT_EQ(safe_excerpt(std::string(61, 'x')), std::string(60, 'x') + "…");
}
