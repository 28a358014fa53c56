#include "rtnl/decode.hpp"

#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include <array>
#include <tuple>

#include "decoded.hpp"
#include "support/cut.hpp"
#include "support/encoder.hpp"

namespace nlwatch::rtnl {
namespace {

using nlwatch::test::link_message;
using test::decode_request;

constexpr std::size_t family_at = NLMSG_HDRLEN;  // first byte of struct ifinfomsg and of struct ifaddrmsg

Link some_link() {
    Link link;
    link.ifindex = 7;
    link.ifname = "wlan0";
    return link;
}

Decoded decode_as(std::uint16_t type, std::uint8_t family) {
    netlink::Request request = link_message(type, some_link());
    const netlink::Bytes bytes = request.bytes(0);
    nlwatch::test::Datagram datagram{bytes.begin(), bytes.end()};
    datagram[family_at] = static_cast<std::byte>(family);
    netlink::MessageReader reader{datagram};
    return decode(*reader.next());
}

TEST(Decode, LeavesABridgesPortsAlone) {
    for (const std::uint16_t type : {RTM_NEWLINK, RTM_DELLINK})
        EXPECT_EQ(std::get<Ignored>(decode_as(type, AF_BRIDGE)), Ignored::bridge_port);

    // A port that leaves its bridge says DELLINK, and is still there.
    int farewells = 0;
    const auto fixture = nlwatch::test::fixture("bridge_port_remove");
    for (const auto& message : fixture.messages())
        if (message.type == RTM_DELLINK) {
            ++farewells;
            EXPECT_EQ(std::get<Ignored>(decode(message)), Ignored::bridge_port);
        }
    EXPECT_EQ(farewells, 1);
}

TEST(Decode, IgnoresLinksOfOtherFamilies) {
    EXPECT_EQ(std::get<Ignored>(decode_as(RTM_NEWLINK, AF_INET6)), Ignored::unknown_type);
    EXPECT_EQ(std::get<Ignored>(decode_as(RTM_DELLINK, AF_INET6)), Ignored::unknown_type);
}

TEST(Decode, IgnoresWirelessEvents) {
    const Decoded decoded = decode_request(link_message(RTM_NEWLINK, some_link(), {.wireless = true}));
    EXPECT_EQ(std::get<Ignored>(decoded), Ignored::wireless);
}

TEST(Decode, IgnoresWhatIsNeitherLinkNorAddress) {
    for (const std::uint16_t type : {std::uint16_t{0}, std::uint16_t{NLMSG_DONE}, std::uint16_t{RTM_NEWROUTE},
                                     std::uint16_t{RTM_NEWNSID}, std::uint16_t{0xffff}})
        EXPECT_EQ(std::get<Ignored>(decode({type, 0, 0, 0, {}})), Ignored::unknown_type) << type;
    EXPECT_EQ(std::get<Ignored>(decode_as(RTM_NEWADDR, 12)), Ignored::unknown_type) << "AF_DECnet";
}

TEST(Decode, TellsAMoveFromADeletion) {
    const auto gone = [](const LinkNotes& notes) {
        return std::get<Update>(decode_request(link_message(RTM_DELLINK, some_link(), notes))).gone;
    };
    EXPECT_EQ(gone({}), Gone::deleted);
    EXPECT_EQ(gone({.moved_netns = true}), Gone::moved_netns);
}

netlink::Request bare(std::uint16_t type, int ifindex) {
    ifinfomsg header{};
    header.ifi_index = ifindex;
    return netlink::Request{type, 0}.body(header);
}

TEST(Decode, NeedsOnlyAnIndexOfADeletedLink) {
    const Decoded decoded = decode_request(bare(RTM_DELLINK, 7));
    ASSERT_TRUE(std::holds_alternative<Update>(decoded));
    EXPECT_EQ(std::get<Update>(decoded).key, link_key(7));
    EXPECT_TRUE(std::holds_alternative<Malformed>(decode_request(bare(RTM_NEWLINK, 7)))) << "without a name";
    EXPECT_TRUE(std::holds_alternative<Malformed>(decode_request(bare(RTM_DELLINK, 0))));
    EXPECT_TRUE(std::holds_alternative<Malformed>(decode_request(bare(RTM_DELLINK, -1))));
}

TEST(Decode, NeedsTheKeyOfAnAddress) {
    ifaddrmsg header{
        .ifa_family = AF_INET, .ifa_prefixlen = 24, .ifa_flags = 0, .ifa_scope = 0, .ifa_index = 7};
    const auto is_malformed = [&](auto... types) {
        netlink::Request request{RTM_DELADDR, 0};
        request.body(header);
        (request.attribute(static_cast<std::uint16_t>(types), 0x0100007fU), ...);
        return std::holds_alternative<Malformed>(decode_request(request));
    };
    EXPECT_FALSE(is_malformed(IFA_LOCAL, IFA_ADDRESS));
    EXPECT_TRUE(is_malformed());
    EXPECT_TRUE(is_malformed(IFA_ADDRESS));
    header.ifa_index = 0;
    EXPECT_TRUE(is_malformed(IFA_LOCAL, IFA_ADDRESS));
    header.ifa_index = 7;
    header.ifa_family = AF_INET6;
    EXPECT_TRUE(is_malformed(IFA_LOCAL, IFA_ADDRESS)) << "of four bytes";
}

TEST(Decode, SkipsWhatItDoesNotKnow) {
    netlink::Request request = link_message(RTM_NEWLINK, some_link());
    request.attribute(999, std::uint8_t{1}).nest(1000).end();
    const Decoded decoded = decode_request(request);
    ASSERT_TRUE(std::holds_alternative<Update>(decoded));
    EXPECT_EQ(*as_link(std::get<Update>(decoded).object), some_link());
}

TEST(Decode, RefusesAttributesThatAreTooShort) {
    for (const std::uint16_t type : {IFLA_MTU, IFLA_LINK, IFLA_MASTER, IFLA_OPERSTATE, IFLA_PROTO_DOWN,
                                     IFLA_CARRIER_UP_COUNT, IFLA_LINK_NETNSID})
        EXPECT_TRUE(std::holds_alternative<Malformed>(
            decode_request(link_message(RTM_NEWLINK, some_link()).attribute(type, netlink::Bytes{}))))
            << type;
    // And a hardware address that is longer than any.
    const std::array<std::byte, 33> long_address{};
    EXPECT_TRUE(std::holds_alternative<Malformed>(decode_request(
        link_message(RTM_NEWLINK, some_link()).attribute(IFLA_ADDRESS, netlink::Bytes{long_address}))));
}

constexpr auto link_members = std::tuple{&Link::ifindex,
                                         &Link::ifname,
                                         &Link::flags,
                                         &Link::type,
                                         &Link::operstate,
                                         &Link::linkmode,
                                         &Link::mtu,
                                         &Link::min_mtu,
                                         &Link::max_mtu,
                                         &Link::qdisc,
                                         &Link::group,
                                         &Link::txqlen,
                                         &Link::address,
                                         &Link::broadcast,
                                         &Link::permanent_address,
                                         &Link::alias,
                                         &Link::altnames,
                                         &Link::link,
                                         &Link::link_netnsid,
                                         &Link::master,
                                         &Link::num_tx_queues,
                                         &Link::num_rx_queues,
                                         &Link::gso_max_size,
                                         &Link::gso_max_segs,
                                         &Link::tso_max_size,
                                         &Link::tso_max_segs,
                                         &Link::gro_max_size,
                                         &Link::proto_down,
                                         &Link::proto_down_reason,
                                         &Link::phys_port_name,
                                         &Link::phys_port_id,
                                         &Link::phys_switch_id,
                                         &Link::parent_bus,
                                         &Link::parent_device,
                                         &Link::info};
constexpr auto address_members = std::tuple{
    &Address::ifindex, &Address::family,    &Address::prefixlen, &Address::scope,    &Address::local,
    &Address::peer,    &Address::broadcast, &Address::label,     &Address::protocol, &Address::metric};

// Each member is what it is in `whole`, or was not told.
template <class T, class Members>
bool tells_no_more(const T& part, const T& whole, const Members& members) {
    const T nothing{};
    return std::apply(
        [&](auto... member) {
            return ((part.*member == whole.*member || part.*member == nothing.*member) && ...);
        },
        members);
}

bool tells_no_more(const Update& part, const Update& whole) {
    if (part.key != whole.key) return false;
    if (const Link* link = as_link(part.object))
        return tells_no_more(*link, *as_link(whole.object), link_members);
    const Address *some = as_address(part.object), *all = as_address(whole.object);
    // IFA_FLAGS comes late; the header's 8 bits are true until then.
    return tells_no_more(*some, *all, address_members) && (some->flags & all->flags) == some->flags;
}

TEST(Decode, NeverReadsAnotherValueOutOfATruncatedMessage) {
    std::size_t decoded_parts = 0;
    for (const auto& fixture : nlwatch::test::all_fixtures())
        for (const netlink::Message& message : fixture.messages()) {
            const Decoded whole = decode(message);
            const auto* expected = std::get_if<Update>(&whole);
            for (std::size_t size = 0; size < message.payload.size(); ++size) {
                const nlwatch::test::Cut cut{message.payload, size};
                netlink::Message part = message;
                part.payload = cut.bytes();
                const Decoded decoded = decode(part);
                const auto* update = std::get_if<Update>(&decoded);
                if (!update) continue;
                ASSERT_TRUE(expected) << fixture.name << " cut to " << size;
                ASSERT_TRUE(tells_no_more(*update, *expected)) << fixture.name << " cut to " << size;
                ++decoded_parts;
            }
        }
    EXPECT_GT(decoded_parts, 1000U) << "or the test proves nothing";
}

// Every byte of every message, turned over: any answer is fine, as long as it is one.
TEST(Decode, SurvivesEveryFlippedByte) {
    for (const auto& fixture : nlwatch::test::all_fixtures())
        for (const netlink::Message& message : fixture.messages()) {
            nlwatch::test::Datagram bytes{message.payload.begin(), message.payload.end()};
            for (std::byte& byte : bytes) {
                byte ^= std::byte{0xff};
                netlink::Message flipped = message;
                flipped.payload = bytes;
                if (const Decoded decoded = decode(flipped);
                    const auto* update = std::get_if<Update>(&decoded)) {
                    EXPECT_NE(update->key.ifindex, 0U);
                }
                byte ^= std::byte{0xff};
            }
        }
}

TEST(Key, PutsALinkBeforeWhatIsOnIt) {
    Address address;
    address.ifindex = 7;
    address.family = AF_INET;
    EXPECT_LT(link_key(7), key_of(address));
    EXPECT_LT(key_of(address), link_key(8));
    EXPECT_EQ(key_of(some_link()), link_key(7));
}

}  // namespace
}  // namespace nlwatch::rtnl
