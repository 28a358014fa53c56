#include "netlink/request.hpp"

#include <gtest/gtest.h>
#include <linux/rtnetlink.h>

#include "netlink/attribute.hpp"
#include "netlink/message.hpp"

namespace nlwatch::netlink {
namespace {

Message only_message(Bytes bytes) {
    MessageReader reader{bytes};
    const auto message = reader.next();
    EXPECT_TRUE(message && !reader.next() && !reader.broken());
    return message.value_or(Message{});
}

TEST(Request, AsksForEverything) {
    Request request{RTM_GETLINK, NLM_F_DUMP};
    const Message message = only_message(request.body(ifinfomsg{}).bytes(3, 5));
    EXPECT_EQ(message.type, RTM_GETLINK);
    EXPECT_EQ(message.flags, NLM_F_REQUEST | NLM_F_DUMP);
    EXPECT_TRUE(message.answers(3, 5));
    EXPECT_EQ(message.payload.size(), sizeof(ifinfomsg));
}

TEST(Request, PadsEachAttributeButDoesNotCountThePadding) {
    Request request{RTM_NEWLINK, 0};
    request.text(IFLA_IFNAME, "eth0").attribute(IFLA_LINKMODE, std::uint8_t{1}).attribute(IFLA_MTU, 1400U);
    const Bytes bytes = request.bytes(1);
    EXPECT_EQ(bytes.size() % 4, 0U);
    AttributeReader attributes{only_message(bytes).payload};
    const auto name = attributes.next();
    EXPECT_EQ(name->payload.size(), 5U) << "with its NUL";
    EXPECT_EQ(name->text(), "eth0");
    EXPECT_EQ(attributes.next()->payload.size(), 1U);
    std::uint32_t mtu{};
    EXPECT_TRUE(attributes.next()->read(mtu));
    EXPECT_EQ(mtu, 1400U);
    EXPECT_FALSE(attributes.broken());
}

TEST(Request, NestsAsDeepAsAsked) {
    Request request{RTM_NEWLINK, 0};
    request.nest(IFLA_LINKINFO).text(IFLA_INFO_KIND, "vlan").nest(IFLA_INFO_DATA);
    request.attribute(IFLA_VLAN_ID, std::uint16_t{7}).end().end().attribute(IFLA_GROUP, 9U);

    AttributeReader attributes{only_message(request.bytes(1)).payload};
    const auto info = attributes.next();
    EXPECT_EQ(attributes.next()->type, IFLA_GROUP);
    EXPECT_FALSE(attributes.next());

    AttributeReader inside{*info};
    EXPECT_EQ(inside.next()->text(), "vlan");
    AttributeReader data{*inside.next()};
    std::uint16_t id{};
    EXPECT_TRUE(data.next()->read(id));
    EXPECT_EQ(id, 7);
    EXPECT_FALSE(data.next());
    EXPECT_FALSE(inside.next());
}

TEST(Request, MarksANest) {
    Request request{RTM_NEWLINK, 0};
    const Bytes bytes = request.nest(IFLA_LINKINFO).end().bytes(1);
    nlattr header{};
    ASSERT_TRUE(copy(bytes.subspan(NLMSG_HDRLEN), header));
    EXPECT_EQ(header.nla_type, IFLA_LINKINFO | NLA_F_NESTED);
    EXPECT_EQ(header.nla_len, sizeof header);
}

TEST(Request, MayBeSentAgainUnderAnotherNumber) {
    Request request{RTM_GETADDR, 0};
    request.body(ifaddrmsg{});
    EXPECT_EQ(only_message(request.bytes(1)).sequence, 1U);
    EXPECT_EQ(only_message(request.bytes(2)).sequence, 2U);
}

}  // namespace
}  // namespace nlwatch::netlink
