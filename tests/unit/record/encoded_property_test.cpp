// Whatever an object is, its message decodes to it: the decoder leaves out nothing and mixes up nothing, in
// whatever order the attributes stand and whatever unknown ones stand between them.
//
// It is tried here and not beside the decoder, since the field lists of this room draw every member there is.
#include <gtest/gtest.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <rapidcheck/gtest.h>

#include "arbitrary.hpp"
#include "rtnl/decode.hpp"
#include "support/encoder.hpp"

namespace nlwatch::test {
namespace {

namespace gen = rc::gen;

bool is_zero(const rtnl::IpAddress& address) { return address.bytes == rtnl::IpAddress{}.bytes; }

// Without what a message has no words for.
rtnl::Link sayable(rtnl::Link link) {
    if (const auto* boxed = std::get_if<rtnl::Boxed<rtnl::Bond>>(&link.info.data)) {
        rtnl::Bond bond = **boxed;
        std::erase_if(bond.arp_ip_target, [](const auto& target) { return target.family != AF_INET; });
        std::erase_if(bond.ns_ip6_target, [](const auto& target) { return target.family != AF_INET6; });
        link.info.data = rtnl::Boxed<rtnl::Bond>{bond};
    }
    if (const auto* boxed = std::get_if<rtnl::Boxed<rtnl::Bridge>>(&link.info.data)) {
        rtnl::Bridge bridge = **boxed;  // one attribute has both switches
        if (!bridge.mcast_vlan_snooping) bridge.no_linklocal_learn.reset();
        if (!bridge.no_linklocal_learn) bridge.mcast_vlan_snooping.reset();
        link.info.data = rtnl::Boxed<rtnl::Bridge>{bridge};
    }
    if (const auto* boxed = std::get_if<rtnl::Boxed<rtnl::Vxlan>>(&link.info.data)) {
        rtnl::Vxlan vxlan = **boxed;  // the unspecified address says that there is none
        if (is_zero(vxlan.group)) vxlan.group = {};
        if (is_zero(vxlan.local)) vxlan.local = {};
        link.info.data = rtnl::Boxed<rtnl::Vxlan>{vxlan};
    }
    return link;
}

rtnl::Address sayable(rtnl::Address address) {
    if (address.broadcast.family != address.family) address.broadcast = {};
    return address;
}

rtnl::Update decoded(netlink::Request request) {
    netlink::MessageReader reader{request.bytes(0)};
    const rtnl::Decoded decoded = rtnl::decode(*reader.next());
    RC_ASSERT(std::holds_alternative<rtnl::Update>(decoded));
    return std::get<rtnl::Update>(decoded);
}

// The attributes in another order, those of IFLA_LINKINFO too, and between them some that no kernel has yet.
void shuffle(netlink::Request& into, netlink::Bytes attributes, bool link) {
    netlink::AttributeReader reader{attributes};
    std::vector<std::optional<netlink::Attribute>> all;
    while (const auto attribute = reader.next()) all.push_back(attribute);
    RC_ASSERT(!reader.broken());
    for (int strangers = *gen::inRange(0, 4); strangers > 0; --strangers) all.emplace_back();
    for (std::size_t left = all.size(); left > 0; --left) {
        std::swap(all[left - 1], all[*gen::inRange<std::size_t>(0, left)]);
        const auto& attribute = all[left - 1];
        if (!attribute) {
            const auto payload = *gen::container<std::vector<std::uint8_t>>(gen::arbitrary<std::uint8_t>());
            into.attribute(*gen::inRange<std::uint16_t>(1000, 0x4000), std::as_bytes(std::span{payload}));
        } else if (link && attribute->type == IFLA_LINKINFO) {
            into.nest(IFLA_LINKINFO);
            shuffle(into, attribute->payload, false);
            into.end();
        } else {
            into.attribute(attribute->type, attribute->payload);
        }
    }
}

template <class Header>
netlink::Request shuffled(netlink::Request request) {
    netlink::MessageReader reader{request.bytes(0)};
    const netlink::Message message = *reader.next();
    Header header{};
    RC_ASSERT(netlink::copy(message.payload, header));
    netlink::Request other{message.type, 0};
    other.body(header);
    shuffle(other, message.payload.subspan(sizeof header), std::is_same_v<Header, ifinfomsg>);
    return other;
}

void check_itself(const rtnl::Link& link) {
    const rtnl::LinkNotes notes{.carrier_ups = *gen::arbitrary<std::uint32_t>(),
                                .carrier_downs = *gen::arbitrary<std::uint32_t>(),
                                .wireless = false,
                                .moved_netns = *gen::arbitrary<bool>()};

    const rtnl::Update there = decoded(link_message(RTM_NEWLINK, link, notes));
    RC_ASSERT(*rtnl::as_link(there.object) == link);
    RC_ASSERT(there.key == key_of(link));
    RC_ASSERT(there.gone == rtnl::Gone::no);
    RC_ASSERT(there.carrier_ups == notes.carrier_ups);
    RC_ASSERT(there.carrier_downs == notes.carrier_downs);

    const rtnl::Update gone = decoded(link_message(RTM_DELLINK, link, notes));
    RC_ASSERT(*rtnl::as_link(gone.object) == link);
    RC_ASSERT(gone.gone == (notes.moved_netns ? rtnl::Gone::moved_netns : rtnl::Gone::deleted));
}

void check_itself(const rtnl::Address& address) {
    const rtnl::Update there = decoded(address_message(RTM_NEWADDR, address));
    RC_ASSERT(*rtnl::as_address(there.object) == address);
    RC_ASSERT(there.key == key_of(address));
    RC_ASSERT(there.gone == rtnl::Gone::no);
    const rtnl::Update gone = decoded(address_message(RTM_DELADDR, address));
    RC_ASSERT(*rtnl::as_address(gone.object) == address);
    RC_ASSERT(gone.gone == rtnl::Gone::deleted);
}

// Of every kind of link: RapidCheck's small sizes would try the first few only.
std::vector<state::Row> any_rows() {
    return *gen::resize(rc::kNominalSize, gen::exec([] {
                            std::vector<state::Row> rows;
                            while (rows.size() < 5) rows.push_back(arbitrary_row());
                            return rows;
                        }));
}

RC_GTEST_PROP(Encoded, DecodesToItself, ()) {
    for (const state::Row& row : any_rows())
        if (const rtnl::Link* link = as_link(row))
            check_itself(sayable(*link));
        else
            check_itself(sayable(*as_address(row)));
}

void check_shuffled(const rtnl::Link& link) {
    const rtnl::Update update = decoded(shuffled<ifinfomsg>(link_message(RTM_NEWLINK, link)));
    RC_ASSERT(*rtnl::as_link(update.object) == link);
}
void check_shuffled(const rtnl::Address& address) {
    const rtnl::Update update = decoded(shuffled<ifaddrmsg>(address_message(RTM_NEWADDR, address)));
    RC_ASSERT(*rtnl::as_address(update.object) == address);
}

RC_GTEST_PROP(Encoded, IsTheSameInAnyOrderAndAmongStrangers, ()) {
    for (const state::Row& row : any_rows())
        if (const rtnl::Link* link = as_link(row))
            check_shuffled(sayable(*link));
        else
            check_shuffled(sayable(*as_address(row)));
}

}  // namespace
}  // namespace nlwatch::test
