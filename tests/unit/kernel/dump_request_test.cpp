#include "kernel/dump_request.hpp"

#include <gtest/gtest.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>

#include "netlink/attribute.hpp"
#include "netlink/message.hpp"

namespace nlwatch::test {
namespace {

struct Sent {
    netlink::Request request;  // which the message points into
    netlink::Message message;
};

Sent sent(const state::Pass::Part& part) {
    Sent sent{kernel::dump_request(part), {}};
    netlink::MessageReader reader{sent.request.bytes(77)};
    sent.message = reader.next().value();
    EXPECT_FALSE(reader.next());
    EXPECT_FALSE(reader.broken());
    return sent;
}

TEST(DumpRequest, AsksForAllLinksWithoutStatistics) {
    const Sent links = sent({rtnl::Kind::link, 0, 0});
    EXPECT_EQ(links.message.type, RTM_GETLINK);
    EXPECT_EQ(links.message.flags, NLM_F_REQUEST | NLM_F_DUMP);
    EXPECT_EQ(links.message.sequence, 77u);
    EXPECT_EQ(links.message.port_id, 0u);

    ifinfomsg fixed{};
    ASSERT_TRUE(netlink::copy(links.message.payload, fixed));
    EXPECT_EQ(fixed.ifi_family, AF_UNSPEC);
    EXPECT_EQ(fixed.ifi_index, 0);  // strict checking refuses a dump that names a link

    netlink::AttributeReader attributes{links.message.payload.subspan(sizeof fixed)};
    const auto mask = attributes.next();
    ASSERT_TRUE(mask);
    EXPECT_EQ(mask->type, IFLA_EXT_MASK);
    std::uint32_t bits{};
    EXPECT_TRUE(mask->read(bits));
    EXPECT_EQ(bits, std::uint32_t{RTEXT_FILTER_SKIP_STATS});
    EXPECT_FALSE(attributes.next());
    EXPECT_FALSE(attributes.broken());
}

void expect_addresses(std::uint8_t family, std::uint32_t ifindex) {
    const Sent addresses = sent({rtnl::Kind::address, family, ifindex});
    EXPECT_EQ(addresses.message.type, RTM_GETADDR);
    EXPECT_EQ(addresses.message.flags, NLM_F_REQUEST | NLM_F_DUMP);
    ifaddrmsg fixed{};
    ASSERT_EQ(addresses.message.payload.size(), sizeof fixed);  // and no attribute
    ASSERT_TRUE(netlink::copy(addresses.message.payload, fixed));
    EXPECT_EQ(fixed.ifa_family, family);
    EXPECT_EQ(fixed.ifa_index, ifindex);
    // Strict checking refuses a request in which these say anything.
    EXPECT_EQ(fixed.ifa_prefixlen, 0);
    EXPECT_EQ(fixed.ifa_flags, 0);
    EXPECT_EQ(fixed.ifa_scope, 0);
}

TEST(DumpRequest, AsksForTheAddressesOfOneFamily) {
    expect_addresses(AF_INET, 0);
    expect_addresses(AF_INET6, 0);
}

TEST(DumpRequest, AsksForTheAddressesOfOneLink) {
    expect_addresses(AF_INET, 7);
    expect_addresses(AF_INET6, 7);
}

}  // namespace
}  // namespace nlwatch::test
