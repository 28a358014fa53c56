#include "http/target.hpp"

#include <gtest/gtest.h>

namespace nlwatch::http {
namespace {

Target read(std::string_view text) {
    const auto target = parse_target(text);
    const auto* wrong = std::get_if<std::string>(&target);
    EXPECT_EQ(wrong, nullptr) << text << ": " << *wrong;
    return wrong ? Target() : std::get<Target>(target);
}

std::string wrong(std::string_view text) {
    const auto target = parse_target(text);
    const auto* why = std::get_if<std::string>(&target);
    return why ? *why : "nothing";
}

TEST(Target, IsAPathAndWords) {
    const Target target = read("/v1/events?kind=link&interface=eth*&interface=!eth9&&snapshot=&limit");
    EXPECT_EQ(target.path, "/v1/events");
    EXPECT_EQ(target.query, (std::vector<Word>{{"kind", "link"},
                                               {"interface", "eth*"},
                                               {"interface", "!eth9"},
                                               {"snapshot", ""},
                                               {"limit", ""}}));
    EXPECT_EQ(read("/").path, "/");
    EXPECT_TRUE(read("/v1/state?").query.empty());
}

TEST(Target, HoldsAnyBytesOfANameButNul) {
    EXPECT_EQ(read("/x?interface=eth%ff%0a%22%3D%26").query,
              (std::vector<Word>{{"interface", "eth\xff\n\"=&"}}));
    EXPECT_EQ(read("/x?%69nterface=a").query.front().name, "interface");
    EXPECT_EQ(read("/x?interface=a+b=c").query.front().value, "a+b=c") << "a plus is a plus";
    EXPECT_NE(wrong("/x?interface=eth%00").find("NUL"), std::string::npos);
    EXPECT_NE(wrong("/x%00").find("NUL"), std::string::npos);
}

TEST(Target, APercentSignWantsTwoHexDigits) {
    for (const char* text : {"/%", "/%4", "/%4g", "/?a=%", "/?a=%f", "/?%zz", "/?a=%%41"})
        EXPECT_NE(wrong(text).find("hex"), std::string::npos) << text;
    EXPECT_EQ(read("/%41%c3%a4%7E").path, "/A\xc3\xa4~");
}

TEST(Target, NothingInAPathIsResolved) {
    EXPECT_EQ(read("/v1/../metrics").path, "/v1/../metrics");
    EXPECT_EQ(read("//metrics").path, "//metrics");
    EXPECT_EQ(read("/v1/%2e%2e/metrics").path, "/v1/../metrics");
}

TEST(Target, ComesInAbsoluteForm) {
    const Target target = read("HTTP://[::1]:9617/metrics?a=b");
    EXPECT_EQ(target.authority, "[::1]:9617");
    EXPECT_EQ(target.path, "/metrics");
    EXPECT_EQ(target.query.size(), 1u);
    EXPECT_EQ(read("http://localhost").path, "/");
    EXPECT_EQ(read("http://localhost?a=b").query.size(), 1u);
    EXPECT_EQ(read("*").path, "*");
    for (const char* text :
         {"", "metrics", "?a=b", "http://", "http:///metrics", "ftp://a/b", "localhost:80", "*x", "/a#b"})
        EXPECT_NE(wrong(text), "nothing") << text;
}

}  // namespace
}  // namespace nlwatch::http
