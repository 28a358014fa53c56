#include <gtest/gtest.h>

#include "config/address.hpp"
#include "config/hints.hpp"
#include "config/log_levels.hpp"
#include "config/words.hpp"

using namespace nlwatch::config;
using Over = rule::Globs::Over;

namespace {

std::string why_not(std::string_view address) {
    const auto parsed = parse_address(address);
    const auto* wrong = std::get_if<std::string>(&parsed);
    return wrong ? *wrong : "";
}

}  // namespace

TEST(Address, IsAnIpAddressAndAPort) {
    const auto address = [](std::string_view text) { return std::get<SocketAddress>(parse_address(text)); };
    EXPECT_EQ(address("127.0.0.1:9617"), (SocketAddress{"127.0.0.1", 9617, true}));
    EXPECT_EQ(address("127.9.9.9:0"), (SocketAddress{"127.9.9.9", 0, true}));
    EXPECT_EQ(address("0.0.0.0:65535"), (SocketAddress{"0.0.0.0", 65535, false}));
    EXPECT_EQ(address("[::1]:80"), (SocketAddress{"::1", 80, true}));
    EXPECT_EQ(address("[0:0::1]:80"), (SocketAddress{"::1", 80, true}));
    EXPECT_EQ(address("[2001:DB8::1]:80"), (SocketAddress{"2001:db8::1", 80, false}));
}

TEST(Address, WhatIsWrongComesWithWhatWouldBeRight) {
    const std::pair<const char*, const char*> slips[] = {
        {"127.0.0.1", "write \"127.0.0.1:9617\""},
        {"::1", "write \"[::1]:9617\""},
        {"::1:80", "write \"[::1]:80\""},
        {"fe80::1:port", "'port' is no port"},
        {"[::1]", "\"[::1]:9617\""},
        {"[::1", "']' is missing"},
        {"[::1]80:1", "behind ']'"},
        {"9617", "write \"127.0.0.1:9617\""},
        {":9617", "write \"127.0.0.1:9617\""},
        {"*:9617", "write \"0.0.0.0:9617\""},
        {"localhost:80", "write \"127.0.0.1:80\" or \"[::1]:80\""},
        {"example.org:80", "'example.org' is no IP address"},
        {"[127.0.0.1]:80", "'127.0.0.1' is no IP address"},
        {"[fe80::1%eth0]:80", "scope"},
        {"[::ffff:127.0.0.1]:80", "write \"127.0.0.1:80\""},
        {"127.0.0.1:65536", "'65536' is no port"},
        {"127.0.0.1:-1", "'-1' is no port"},
        {"127.0.0.1:", "'' is no port"},
        {"127.1:80", "'127.1' is no IP address"},
        {"", "such as \"127.0.0.1:9617\""},
        {"http", "such as \"127.0.0.1:9617\""},
        {"\x1b[31m:80", "'\\x1b[31m' is no IP address"},
    };
    for (const auto& [text, part] : slips)
        EXPECT_NE(why_not(text).find(part), std::string::npos) << text << ": " << why_not(text);
    EXPECT_NE(why_not({"127.0.0.1\0:80", 13}), "");
}

TEST(LogLevels, AreOneForAllAndOthersForParts) {
    const auto levels = [](std::string_view text) { return std::get<LogLevels>(parse_log_levels(text)); };
    EXPECT_EQ(levels("info"), LogLevels{});
    EXPECT_EQ(levels("netlink=debug").of("netlink"), LogLevel::debug);
    EXPECT_EQ(levels("netlink=debug").of("http"), LogLevel::info);
    EXPECT_EQ(levels(" error , sink = off ").of("sink"), LogLevel::off);
    EXPECT_EQ(levels(" error , sink = off ").overall, LogLevel::error);
}

TEST(LogLevels, WhatIsWrongIsNamed) {
    const std::pair<const char*, const char*> slips[] = {
        {"", "a level is missing"},
        {"info,", "a level is missing"},
        {"netlink=", "a level is missing"},
        {"ifno", "no level 'ifno' (did you mean 'info'?)"},
        {"INFO", "no level 'INFO'"},
        {"info,bogus=debug", "no component 'bogus'"},
        {"=debug", "no component ''"},
        {"info,debug", "the overall level is given twice"},
        {"http=info,http=debug", "the level of 'http' is given twice"},
    };
    for (const auto& [text, part] : slips) {
        const auto parsed = parse_log_levels(text);
        ASSERT_TRUE(std::holds_alternative<std::string>(parsed)) << text;
        EXPECT_NE(std::get<std::string>(parsed).find(part), std::string::npos)
            << std::get<std::string>(parsed);
    }
}

TEST(Pattern, MayMatchSomething) {
    for (const char* good : {"eth0", "eth[0-9]", "!eth[!0-3]", "a[]]b", "*", "?", "\\[", "fifteen_bytes_x"})
        EXPECT_EQ(wrong_pattern(good, Over::interfaces), std::nullopt) << good;
    for (const char* good : {"link", "!address", "l*", "*", "[la]*"})
        EXPECT_EQ(wrong_pattern(good, Over::kinds), std::nullopt) << good;
    for (const char* good : {"link.added", "*.removed", "resync.*", "reload", "!link.changed", "*"})
        EXPECT_EQ(wrong_pattern(good, Over::types), std::nullopt) << good;
    EXPECT_EQ(wrong_pattern("some_kind_of_a_later_kernel", Over::link_kinds), std::nullopt);
}

TEST(Pattern, ThatMatchesNothingIsASlip) {
    for (const char* bad : {"", "!", "eth[0", "[", "[]", "[!]", "sixteen_bytes_xx"})
        EXPECT_NE(wrong_pattern(bad, Over::interfaces), std::nullopt) << bad;
    for (const char* bad : {"links", "LINK", "x*"})
        EXPECT_NE(wrong_pattern(bad, Over::kinds), std::nullopt) << bad;
    for (const char* bad : {"link", "link.", "lnk.*", "gap"})
        EXPECT_NE(wrong_pattern(bad, Over::types), std::nullopt) << bad;
    EXPECT_NE(wrong_pattern({"a\0b", 3}, Over::link_kinds), std::nullopt);
}

TEST(Host, IsANameWithoutAPort) {
    for (const char* good : {"localhost", "a-b.example.org", "192.0.2.1", "[::1]", "under_score"})
        EXPECT_EQ(wrong_host(good), std::nullopt) << good;
    for (const char* bad : {"", "http://x", "localhost:80", "::1", "a b", "a/b", "\xff"})
        EXPECT_NE(wrong_host(bad), std::nullopt) << bad;
}

TEST(Hint, IsWhatWasMeant) {
    EXPECT_EQ(meant_size("8 MB"), "8 MiB");
    EXPECT_EQ(meant_size("64k"), "64 KiB");
    EXPECT_EQ(meant_size("512"), "512 B");
    EXPECT_EQ(meant_duration("10 sec"), "10 s");
    EXPECT_EQ(meant_duration("5m"), "5 min");
    EXPECT_EQ(meant_duration("60"), "60 s");
    EXPECT_EQ(meant_mode("660"), "0660");
    EXPECT_EQ(meant_mode("0o640"), "0640");
    for (const char* text : {"", "MiB", "1.5 s", "-1 s", "8 parsecs", "99999999999999999999 GB"}) {
        EXPECT_EQ(meant_size(text), std::nullopt) << text;
        EXPECT_EQ(meant_duration(text), std::nullopt) << text;
        EXPECT_EQ(meant_mode(text), std::nullopt) << text;
    }
}
