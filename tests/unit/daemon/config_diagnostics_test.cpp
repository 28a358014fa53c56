#include "config/diagnostics.hpp"

#include <gtest/gtest.h>

using namespace nlwatch::config;

namespace {

// The excerpt of one error in a source of one line.
std::string excerpt(std::string_view line, std::size_t begin, std::size_t end) {
    Diagnostics diagnostics{line, "f"};
    diagnostics.error({{1, begin}, {1, end}}, "x");
    const std::string text = diagnostics.text();
    return text.substr(text.find('\n') + 1);
}

}  // namespace

TEST(Diagnostics, PutACaretUnderTheWholeOfIt) {
    EXPECT_EQ(excerpt("key = 1", 1, 4), "  key = 1\n  ^~~");
    EXPECT_EQ(excerpt("key = 1", 7, 8), "  key = 1\n        ^");
    EXPECT_EQ(excerpt("key = 1", 7, 7), "  key = 1\n        ^") << "a place, no span";
    EXPECT_EQ(excerpt("key =", 6, 6), "  key =\n       ^") << "behind the end";
    EXPECT_EQ(excerpt("", 1, 1), "  \n  ^");
}

TEST(Diagnostics, CountCharactersAndKeepColumnsOfTheTerminal) {
    EXPECT_EQ(excerpt("\tkey\t= 1", 6, 7), "  \tkey\t= 1\n  \t   \t^");
    EXPECT_EQ(excerpt("é = 1", 5, 6), "  é = 1\n      ^");
    EXPECT_EQ(excerpt("日本 = 1", 6, 7), "  日本 = 1\n         ^") << "each takes two columns";
    EXPECT_EQ(excerpt("日本 = 1", 1, 3), "  日本 = 1\n  ^~~~");
    EXPECT_EQ(excerpt("e\u0301 = 1", 6, 7), "  e\u0301 = 1\n      ^") << "a combining mark takes none";
}

TEST(Diagnostics, ShowNoByteThatATerminalObeys) {
    EXPECT_EQ(excerpt("a\x1b[31m = 1", 9, 10), "  a\\x1b[31m = 1\n             ^");
    EXPECT_EQ(excerpt("\xff = 1", 5, 6), "  \\xff = 1\n         ^");
    Diagnostics diagnostics{"", "a\nb"};
    diagnostics.error({}, "x");
    EXPECT_EQ(diagnostics.text(), "a\\x0ab:1:1: error: x\n  \n  ^");
}

TEST(Diagnostics, ShowAWindowOfALongLine) {
    const std::string line = std::string(500, 'a') + "B" + std::string(500, 'c');
    const std::string shown = excerpt(line, 501, 502);
    EXPECT_LT(shown.size(), 300u);
    const std::size_t newline = shown.find('\n');
    const std::size_t caret = shown.find('^') - newline - 1;
    EXPECT_EQ(shown[caret + std::string{"…"}.size() - 1], 'B') << shown;
    EXPECT_TRUE(shown.substr(0, newline).ends_with("…"));
}

TEST(Diagnostics, StandInTheOrderOfTheSource) {
    Diagnostics diagnostics{"a\r\nb\nc", "f"};
    diagnostics.error({{3, 1}, {3, 2}}, "third");
    diagnostics.error({{1, 1}, {1, 2}}, "first");
    diagnostics.error({{2, 1}, {3, 2}}, "second");
    EXPECT_EQ(diagnostics.text(),
              "f:1:1: error: first\n  a\n  ^\nf:2:1: error: second\n  b\n  ^\nf:3:1: error: third\n  c\n  ^");
}

TEST(Diagnostics, CountWhatIsTooMuchToRead) {
    Diagnostics diagnostics{"a", "f"};
    for (int i = 0; i < 103; ++i) diagnostics.error({{1, 1}, {1, 2}}, "x");
    EXPECT_TRUE(diagnostics.text().ends_with("\nf: 3 more errors"));
}

TEST(Diagnostics, GiveTheSourceOfASpan) {
    const Diagnostics diagnostics{"é = [1,\n2]", "f"};
    EXPECT_EQ(diagnostics.source({{1, 5}, {1, 7}}), "[1");
    EXPECT_EQ(diagnostics.source({{1, 5}, {2, 3}}), "[1,");
    EXPECT_EQ(diagnostics.source({{7, 1}, {7, 2}}), "");
}
