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

void check(const rtnl::Link& link, const rtnl::Update& update) {
    require(update.key == rtnl::key_of(link) && link.ifindex != 0);
    require(update.gone != rtnl::Gone::no || !link.ifname.empty());
    const auto mentioned = rtnl::mentioned_links(link);
    require(std::ranges::is_sorted(mentioned) && std::ranges::adjacent_find(mentioned) == mentioned.end());
    const std::uint16_t type = update.gone == rtnl::Gone::no ? RTM_NEWLINK : RTM_DELLINK;
    require(decode_again(test::link_message(type, link)) == update.object);
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
        // The encoder pads each text, which an attribute of 64 KiB may have no room for.
        if (!update || message->payload.size() > 16 * 1024) continue;
        require(rtnl::Object{update->object} == update->object);
        if (const rtnl::Link* link = rtnl::as_link(update->object)) check(*link, *update);
        if (const rtnl::Address* address = rtnl::as_address(update->object)) check(*address, *update);
    }
    return 0;
}
