#include "client/table.hpp"

#include <gtest/gtest.h>

#include "client/terminal.hpp"

using namespace nlwatch::client;

namespace {

Table table() {
    Table table{{"NAME", "STATE", "MASTER", "KIND"}};
    table.add({"lo", {"up", Ink::good}, "", "loopback"});
    table.add({"eth0", {"down (no_carrier)", Ink::bad}, "", "veth"});
    return table;
}

std::string without_escapes(std::string text) {
    for (std::size_t at; (at = text.find('\033')) != std::string::npos;)
        text.erase(at, text.find('m', at) + 1 - at);
    return text;
}

}  // namespace

TEST(Columns, AreThoseOfATerminal) {
    EXPECT_EQ(columns_of("eth0"), 4u);
    EXPECT_EQ(columns_of("dé"), 2u);
    EXPECT_EQ(columns_of("日本"), 4u);
    EXPECT_EQ(columns_of("e\u0301"), 1u);  // a combining accent
    EXPECT_EQ(columns_of("a\\xff"), 5u);
    EXPECT_EQ(columns_of(""), 0u);
}

TEST(Cut, LeavesAMarkWhereSomethingIsMissing) {
    EXPECT_EQ(cut("eth0", 4), "eth0");
    EXPECT_EQ(cut("eth0", 3), "et…");
    EXPECT_EQ(cut("eth0", 1), "…");
    EXPECT_EQ(cut("eth0", 0), "");
}

TEST(Cut, NeverWithinACharacterOrAnEscapedByte) {
    EXPECT_EQ(cut("日本", 3), "日…");
    EXPECT_EQ(cut("日本", 2), "…");
    EXPECT_EQ(cut("a\\x1bb", 5), "a…");
    EXPECT_EQ(cut("a\\x1bbc", 6), "a\\x1b…");
}

TEST(Table, LinesUp) {
    EXPECT_EQ(table().text(std::nullopt, false),
              "NAME  STATE              KIND\n"
              "lo    up                 loopback\n"
              "eth0  down (no_carrier)  veth\n");
}

TEST(Table, IsNothingWithoutRows) { EXPECT_EQ(Table{{"NAME"}}.text(std::nullopt, false), ""); }

TEST(Table, IsCutAtEveryWidth) {
    for (std::size_t width = 0; width < 60; ++width)
        for (const bool coloured : {false, true}) {
            std::string text = table().text(width, coloured);
            EXPECT_EQ(without_escapes(text), table().text(width, false)) << "colours take no room";
            text = without_escapes(text);
            for (std::size_t end; (end = text.find('\n')) != std::string::npos; text.erase(0, end + 1)) {
                EXPECT_LE(columns_of(text.substr(0, end)), width);
                EXPECT_FALSE(end > 0 && text[end - 1] == ' ') << "no spaces at the end";
            }
        }
    EXPECT_EQ(table().text(12, false),
              "NAME  STATE…\n"
              "lo    up   …\n"
              "eth0  down …\n");
}

TEST(Table, ColoursWhatIsShownAndEndsThem) {
    EXPECT_EQ(table().text(10, true),
              "NAME  STA…\n"
              "lo    \033[32mup\033[0m …\n"
              "eth0  \033[31mdow…\033[0m\n");
}
