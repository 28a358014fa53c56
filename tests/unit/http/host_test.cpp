#include "http/host.hpp"

#include <gtest/gtest.h>

namespace nlwatch::http {
namespace {

using boost::asio::ip::make_address;

TEST(Host, IsANameOrAnAddressAndAPort) {
    EXPECT_EQ(host_of("localhost"), "localhost");
    EXPECT_EQ(host_of("localhost:9617"), "localhost");
    EXPECT_EQ(host_of("127.0.0.1:"), "127.0.0.1");
    EXPECT_EQ(host_of("[::1]:9617"), "::1");
    EXPECT_EQ(host_of("[fe80::1%25eth0]"), std::nullopt) << "a zone is the client's own matter";
    for (const char* text :
         {"", ":80", "a b", "a:b", "a:123456", "[::1", "[]", "::1", "user@host", "a/b", "[::1]x", "a:80:80"})
        EXPECT_EQ(host_of(text), std::nullopt) << text;
}

TEST(Host, IsTheConnectionsOwnAddressOrAKnownName) {
    const std::vector<std::string> names{"localhost", "edge-17"};
    const auto v4 = make_address("127.0.0.1"), v6 = make_address("fe80::1%1");
    EXPECT_TRUE(host_allowed("127.0.0.1", v4, names));
    EXPECT_TRUE(host_allowed("LocalHost", v4, names));
    EXPECT_TRUE(host_allowed("edge-17", v6, names));
    EXPECT_TRUE(host_allowed("FE80:0::1", v6, names));
    for (const char* host : {"127.0.0.2", "evil.example", "localhost.", "", "127.1", "::1", "edge-177"})
        EXPECT_FALSE(host_allowed(host, v4, names)) << host;
}

}  // namespace
}  // namespace nlwatch::http
