#include "rtnl/decode.hpp"

#include <linux/rtnetlink.h>

namespace nlwatch::rtnl {
namespace {

Decoded decode_link(const netlink::Message& message, bool there) {
    ifinfomsg header{};
    if (!netlink::copy(message.payload, header)) return Malformed{};
    if (header.ifi_family == AF_BRIDGE) return Ignored::bridge_port;
    if (header.ifi_family != AF_UNSPEC) return Ignored::unknown_type;

    Link link;
    LinkNotes notes;
    if (!decode(message.payload, link, notes)) return Malformed{};
    if (there && notes.wireless) return Ignored::wireless;
    if (there && link.ifname.empty()) return Malformed{};
    const Key key = key_of(link);
    return Update{.key = key,
                  .object = Boxed<Link>{std::move(link)},
                  .gone = there               ? Gone::no
                          : notes.moved_netns ? Gone::moved_netns
                                              : Gone::deleted,
                  .carrier_ups = notes.carrier_ups,
                  .carrier_downs = notes.carrier_downs};
}

Decoded decode_address(const netlink::Message& message, bool there) {
    ifaddrmsg header{};
    if (!netlink::copy(message.payload, header)) return Malformed{};
    if (header.ifa_family != AF_INET && header.ifa_family != AF_INET6) return Ignored::unknown_type;

    Address address;
    if (!decode(message.payload, address)) return Malformed{};
    return Update{.key = key_of(address), .object = address, .gone = there ? Gone::no : Gone::deleted};
}

}  // namespace

Decoded decode(const netlink::Message& message) {
    switch (message.type) {
        case RTM_NEWLINK:
            return decode_link(message, true);
        case RTM_DELLINK:
            return decode_link(message, false);
        case RTM_NEWADDR:
            return decode_address(message, true);
        case RTM_DELADDR:
            return decode_address(message, false);
        default:
            return Ignored::unknown_type;
    }
}

}  // namespace nlwatch::rtnl
