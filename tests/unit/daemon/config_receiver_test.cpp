#include "config/receiver.hpp"

#include <gtest/gtest.h>

using namespace nlwatch::config;

namespace {

std::string why_no_endpoint(std::string_view text) {
    const auto parsed = parse_endpoint(text);
    const auto* wrong = std::get_if<std::string>(&parsed);
    return wrong ? *wrong : "";
}

bool mentions(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST(Endpoint, IsAPathOrAHostAndAPort) {
    const auto endpoint = [](std::string_view text) { return std::get<Endpoint>(parse_endpoint(text)); };
    EXPECT_EQ(endpoint("/run/vector.sock"), (Endpoint{"/run/vector.sock", "", 0}));
    EXPECT_EQ(endpoint("127.0.0.1:9000"), (Endpoint{"", "127.0.0.1", 9000}));
    EXPECT_EQ(endpoint("[::1]:1"), (Endpoint{"", "::1", 1}));
    EXPECT_EQ(endpoint("logs.example.org:65535"), (Endpoint{"", "logs.example.org", 65535}));
    EXPECT_EQ(endpoint("under_score:9000").host, "under_score");
    EXPECT_EQ(endpoint("/" + std::string(106, 'x')).path.size(), 107u);
}

TEST(Endpoint, WhatIsWrongComesWithWhatWouldBeRight) {
    const std::pair<std::string, const char*> slips[] = {
        {"", "the host is missing; write \"/run/vector.sock\" or \"127.0.0.1:9000\""},
        {"vector.sock", "the port is missing: write \"vector.sock:9000\""},
        {"[::1]", "write \"[::1]:9000\""},
        {"::1", "stands in brackets, with a port behind"},
        {"::1:9000", "stands in brackets"},
        {"fe80::x:1", "stands in brackets"},
        {"[::1", "']' is missing"},
        {"[127.0.0.1]:1", "in brackets stands an IPv6 address"},
        {"[::1]9000", "behind ']'"},
        {":9000", "the host is missing"},
        {"host:0", "a port is from 1 to 65535"},
        {"host:65536", "a port is from 1 to 65535"},
        {"host:", "a port is from 1 to 65535"},
        {"host:http", "a port is from 1 to 65535"},
        {"127.1:80", "no IPv4 address"},
        {"a b:80", "of letters, digits"},
        {"*:80", "of letters, digits"},
        {std::string(254, 'x') + ":80", "at most 253"},
        {"tcp://host:80", "must be no URL"},
        {"/" + std::string(107, 'x'), "108 bytes, where at most 107 fit"},
        {std::string{"/a\0b", 4}, "NUL"},
        {std::string{"::1\0", 4}, "brackets"},
    };
    for (const auto& [text, part] : slips)
        EXPECT_TRUE(mentions(why_no_endpoint(text), part)) << text << ": " << why_no_endpoint(text);
}

TEST(Url, OfAReceiver) {
    for (const char* good :
         {"https://example.org", "http://127.0.0.1:8080/", "HTTPS://Example.org/hook?token=x#y",
          "https://[2001:db8::1]:8443/a@b", "https://example.org?x", "http://localhost/%C3%A9"})
        EXPECT_EQ(wrong_url(good), std::nullopt) << good;
}

TEST(Url, ThatIsWrongIsRefusedInWordsThatShowNothingOfIt) {
    const std::pair<const char*, const char*> slips[] = {
        {"", "must begin with \"https://\" or \"http://\""},
        {"hunter2", "must begin with \"https://\""},
        {"ftp://hunter2/", "must begin with \"https://\""},
        {"https:/hunter2/", "must begin with \"https://\""},
        {"https:///hunter2", "the host is missing"},
        {"https://:80/hunter2", "the host is missing"},
        {"https://user:hunter2@example.org/", "put them into auth"},
        {"https://hunter2@example.org", "put them into auth"},
        {"https://user:hun/ter2@example.org", "a port is from 1 to 65535"},
        {"https://example.org/hunter2 x", "no white space"},
        {"https://example.org/hunter2\r\nHost: x", "no white space"},
        {"https://example.org/hunter2\x7f", "control character"},
        {"https://example.org/é?hunter2", "percent-encoded"},
        {"https://example.org\\@hunter2/", "backslash"},
        {"https://example.org:0/hunter2", "a port is from 1 to 65535"},
        {"https://example.org:65536/hunter2", "a port is from 1 to 65535"},
        {"https://example.org:hunter2/", "a port is from 1 to 65535"},
        {"https://hunter2{}/", "of letters, digits"},
        {"https://[hunter2]/", "in brackets stands an IPv6 address"},
        {"https://[fe80::1%25eth0]/hunter2", "in brackets stands an IPv6 address"},
        {"https://1.2.3/hunter2", "no IPv4 address"},
    };
    for (const auto& [url, part] : slips) {
        const std::string why = wrong_url(url).value_or("");
        EXPECT_TRUE(mentions(why, part)) << url << ": " << why;
        EXPECT_FALSE(mentions(why, "hunter2"));
    }
    EXPECT_TRUE(mentions(*wrong_url(std::string_view{"https://a\0b/", 12}), "control character"));
}

TEST(Url, OfAProxyHasNoPathAndMayBeSocks) {
    for (const char* good : {"http://127.0.0.1:3128", "https://proxy.example.org/", "socks5://[::1]:1080"})
        EXPECT_EQ(wrong_proxy(good), std::nullopt) << good;
    for (const char* bad :
         {"socks4://x", "http://x/y", "http://x?y", "http://user:hunter2@x:1", "x:3128", ""})
        EXPECT_TRUE(wrong_proxy(bad)) << bad;
    EXPECT_TRUE(mentions(*wrong_proxy("http://user:hunter2@x:1"), "neither a user nor a password"));
}

TEST(Url, IsShownByItsHostAlone) {
    EXPECT_EQ(shown_url("https://example.org:8443/hunter2?x"), "https://example.org:8443/…");
    EXPECT_EQ(shown_url("https://example.org?hunter2"), "https://example.org/…");
    EXPECT_EQ(shown_url("https://example.org/"), "https://example.org");
    EXPECT_EQ(shown_url("HTTP://[::1]:80"), "http://[::1]:80");
    EXPECT_EQ(shown_url("https://user:hunter2@example.org/a@b"), "https://example.org/…");
    for (const char* none : {"", "hunter2", "hunter2!://x", "https://hunter 2/", "https://x:hunter2/"})
        EXPECT_EQ(shown_url(none), "…") << none;
}

TEST(Url, IsEncryptedWithHttps) {
    EXPECT_TRUE(is_encrypted("https://x"));
    EXPECT_TRUE(is_encrypted("HTTPS://x"));
    EXPECT_FALSE(is_encrypted("http://x"));
    EXPECT_FALSE(is_encrypted(""));
}
