#include "rtnl/address.hpp"

#include <linux/if_addr.h>

#include "rtnl/decode_each.hpp"

namespace nlwatch::rtnl {
namespace {

bool decode(const netlink::Attribute& attribute, std::uint8_t family, IpAddress& address) {
    IpAddress sent;
    if (!sent.assign(attribute.payload) || sent.family != family) return false;
    address = sent;
    return true;
}

// Left out: IFA_CACHEINFO (lifetimes and moments), IFA_ANYCAST and IFA_MULTICAST (other objects).
bool decode(const netlink::Attribute& attribute, Address& address) {
    switch (attribute.type) {
        case IFA_LOCAL:
            return decode(attribute, address.family, address.local);
        case IFA_ADDRESS:
            return decode(attribute, address.family, address.peer);
        case IFA_BROADCAST:
            return decode(attribute, address.family, address.broadcast);
        case IFA_LABEL:
            address.label = attribute.text();
            return true;
        case IFA_FLAGS:
            return attribute.read(address.flags);
        case IFA_PROTO:
            return attribute.read(address.protocol);
        case IFA_RT_PRIORITY:
            return attribute.read(address.metric);
        default:
            return true;
    }
}

}  // namespace

bool decode(netlink::Bytes payload, Address& address) {
    ifaddrmsg header{};
    if (!netlink::copy(payload, header) || header.ifa_index == 0) return false;
    address.ifindex = header.ifa_index;
    address.family = header.ifa_family;
    address.prefixlen = header.ifa_prefixlen;
    address.scope = header.ifa_scope;
    address.flags = header.ifa_flags;
    const bool whole =
        decode_each(netlink::AttributeReader{payload.subspan(sizeof header)},
                    [&](const netlink::Attribute& attribute) { return decode(attribute, address); });
    if (!whole) return false;

    // The two families say "no peer" in two ways. IPv6 leaves IFA_LOCAL out. IPv4 always sends it, and leaves
    // out an IFA_ADDRESS of 0.0.0.0, which is not the same object as one whose IFA_ADDRESS equals its
    // IFA_LOCAL.
    if (address.family == AF_INET6 && address.local.empty()) address.local = address.peer;
    if (address.family == AF_INET && address.peer.empty()) address.peer.family = AF_INET;
    return !address.local.empty() && !address.peer.empty();
}

bool Address::usable() const { return (flags & (IFA_F_TENTATIVE | IFA_F_DADFAILED)) == 0; }

}  // namespace nlwatch::rtnl
