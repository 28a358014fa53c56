// Any bytes as a datagram of links and addresses. What decodes has an identity, and says the same when told
// again.
#include <linux/rtnetlink.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "rtnl/decode.hpp"
#include "support/encoder.hpp"

namespace {

using namespace nlwatch;

void require(bool holds) {
    if (!holds) std::abort();
}

rtnl::Object decode_again(netlink::Request request) {
    netlink::MessageReader reader{request.bytes(0)};
    const rtnl::Decoded decoded = rtnl::decode(*reader.next());
    require(std::holds_alternative<rtnl::Update>(decoded));
    return std::get<rtnl::Update>(decoded).object;
}

// The tests' encoder knows the data of some kinds only.
bool can_encode(const rtnl::LinkInfo& info) {
    const auto any = []<class... Known>(const auto& data) {
        return (std::holds_alternative<Known>(data) || ...);
    };
    return any.operator()<std::monostate, rtnl::Vlan, rtnl::Vrf, rtnl::Boxed<rtnl::Bond>>(info.data) &&
           any.operator()<std::monostate, rtnl::VrfPort, rtnl::Boxed<rtnl::BondPort>>(info.port_data);
}

void check(const rtnl::Link& link, const rtnl::Update& update) {
    require(update.key == rtnl::key_of(link) && link.ifindex != 0);
    require(update.gone != rtnl::Gone::no || !link.ifname.empty());
    const auto mentioned = rtnl::mentioned_links(link);
    require(std::ranges::is_sorted(mentioned) && std::ranges::adjacent_find(mentioned) == mentioned.end());
    if (can_encode(link.info))
        require(decode_again(test::link_message(update.gone == rtnl::Gone::no ? RTM_NEWLINK : RTM_DELLINK,
                                                link)) == update.object);
}

void check(const rtnl::Address& address, const rtnl::Update& update) {
    require(update.key == rtnl::key_of(address) && address.ifindex != 0);
    require(address.local.family == address.family && address.peer.family == address.family);
    require(decode_again(test::address_message(RTM_NEWADDR, address)) == update.object);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    netlink::MessageReader messages{std::as_bytes(std::span{data, size})};
    while (const auto message = messages.next()) {
        const rtnl::Decoded decoded = rtnl::decode(*message);
        const auto* update = std::get_if<rtnl::Update>(&decoded);
        if (!update) continue;
        if (const rtnl::Link* link = rtnl::as_link(update->object)) check(*link, *update);
        if (const rtnl::Address* address = rtnl::as_address(update->object)) check(*address, *update);
    }
    return 0;
}
