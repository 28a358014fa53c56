#include "netlink/attribute.hpp"

#include <gtest/gtest.h>
#include <linux/rtnetlink.h>

#include <array>
#include <vector>

#include "netlink/message.hpp"
#include "netlink/request.hpp"
#include "support/cut.hpp"
#include "support/fixture.hpp"

namespace nlwatch::netlink {
namespace {

template <std::size_t Size>
Attribute attribute_of(const std::array<std::uint8_t, Size>& bytes) {
    return {1, std::as_bytes(std::span{bytes})};
}

TEST(Attribute, ReadsNumbersInBothOrders) {
    const std::array<std::uint8_t, 4> bytes{0x01, 0x02, 0x03, 0x04};
    const Attribute attribute = attribute_of(bytes);
    std::uint16_t port{};
    std::uint32_t number{}, native{};
    ASSERT_TRUE(attribute.read_big_endian(port));
    ASSERT_TRUE(attribute.read_big_endian(number));
    ASSERT_TRUE(attribute.read(native));
    EXPECT_EQ(port, 0x0102);
    EXPECT_EQ(number, 0x01020304U);
    EXPECT_EQ(std::memcmp(&native, bytes.data(), sizeof native), 0);
}

TEST(Attribute, ReadsTruth) {
    bool flag = false;
    std::optional<bool> maybe;
    EXPECT_TRUE(attribute_of(std::array<std::uint8_t, 1>{2}).read(flag));
    EXPECT_TRUE(attribute_of(std::array<std::uint8_t, 1>{0}).read(maybe));
    EXPECT_TRUE(flag);
    EXPECT_EQ(maybe, false);
}

TEST(Attribute, LeavesTheTargetOfATooShortPayload) {
    const std::array<std::uint8_t, 3> bytes{1, 2, 3};
    const Attribute attribute = attribute_of(bytes);
    std::uint32_t number = 9;
    std::optional<std::uint32_t> maybe;
    std::optional<bool> truth;
    EXPECT_FALSE(attribute.read(number));
    EXPECT_FALSE(attribute.read_big_endian(number));
    EXPECT_FALSE(attribute.read(maybe));
    EXPECT_FALSE(Attribute{}.read(truth));
    EXPECT_EQ(number, 9U);
    EXPECT_FALSE(maybe);
    EXPECT_FALSE(truth);
}

TEST(Attribute, TakesTheBeginningOfALongerPayload) {
    std::uint8_t number{};
    EXPECT_TRUE(attribute_of(std::array<std::uint8_t, 3>{7, 8, 9}).read(number));
    EXPECT_EQ(number, 7);
}

TEST(Attribute, EndsTextAtTheFirstNul) {
    EXPECT_EQ(attribute_of(std::array<std::uint8_t, 4>{'l', 'o', 0, 'x'}).text(), "lo");
    EXPECT_EQ(attribute_of(std::array<std::uint8_t, 2>{'l', 0xff}).text(), "l\xff");
    EXPECT_EQ(Attribute{}.text(), "");
}

TEST(AttributeReader, HidesTheFlagsOfTheType) {
    Request request{RTM_NEWLINK, 0};
    request.nest(IFLA_LINKINFO).text(IFLA_INFO_KIND, "veth").end();
    request.attribute(IFLA_MTU | NLA_F_NET_BYTEORDER, 1U);
    AttributeReader attributes{request.bytes(0).subspan(NLMSG_HDRLEN)};
    const auto nest = attributes.next();
    ASSERT_TRUE(nest);
    EXPECT_EQ(nest->type, IFLA_LINKINFO);
    AttributeReader inside{*nest};
    EXPECT_EQ(inside.next()->text(), "veth");
    EXPECT_FALSE(inside.next());
    EXPECT_EQ(attributes.next()->type, IFLA_MTU);
    EXPECT_FALSE(attributes.next());
    EXPECT_FALSE(attributes.broken());
}

TEST(AttributeReader, StopsWhereALengthIsImpossible) {
    for (const std::uint16_t length : {0, 3, 9, 0xffff}) {
        std::array<std::byte, 8> bytes{};
        std::memcpy(bytes.data(), &length, sizeof length);
        AttributeReader attributes{Bytes{bytes}};
        EXPECT_FALSE(attributes.next()) << length;
        EXPECT_TRUE(attributes.broken()) << length;
        EXPECT_FALSE(attributes.next()) << length;
    }
}

std::vector<Attribute> read_all(AttributeReader attributes) {
    std::vector<Attribute> all;
    while (auto attribute = attributes.next()) all.push_back(*attribute);
    return all;
}

TEST(AttributeReader, NeverReadsAnotherValueOutOfATruncatedMessage) {
    constexpr std::size_t fixed = sizeof(ifinfomsg);
    for (const auto& fixture : test::all_fixtures())
        for (const Message& message : fixture.messages()) {
            if (message.type != RTM_NEWLINK && message.type != RTM_DELLINK) continue;
            const Bytes attributes = message.payload.subspan(fixed);
            const auto whole = read_all(AttributeReader{attributes});
            ASSERT_FALSE(whole.empty());
            for (std::size_t size = 0; size < attributes.size(); ++size) {
                const test::Cut cut{attributes, size};
                const auto part = read_all(AttributeReader{cut.bytes()});
                ASSERT_LE(part.size(), whole.size());
                for (std::size_t at = 0; at < part.size(); ++at)
                    ASSERT_TRUE(part[at].type == whole[at].type &&
                                std::ranges::equal(part[at].payload, whole[at].payload))
                        << fixture.name << " cut to " << size;
            }
        }
}

}  // namespace
}  // namespace nlwatch::netlink
