#include "support/objects.hpp"

#include <linux/if.h>
#include <linux/if_arp.h>

namespace nlwatch::test {

rtnl::Link link(std::uint32_t ifindex, std::string_view ifname, std::string_view kind) {
    rtnl::Link link;
    link.ifindex = ifindex;
    link.ifname = ifname;
    link.flags = IFF_UP | IFF_RUNNING | IFF_LOWER_UP;
    link.type = ARPHRD_ETHER;
    link.operstate = IF_OPER_UP;
    link.mtu = 1500;
    link.info.kind = kind;
    return link;
}

rtnl::Link without_carrier(rtnl::Link link) {
    link.flags &= ~static_cast<std::uint32_t>(IFF_RUNNING | IFF_LOWER_UP);
    link.operstate = IF_OPER_DOWN;
    return link;
}

rtnl::Address inet(std::uint32_t ifindex, std::uint8_t host, std::uint8_t prefixlen) {
    rtnl::Address address;
    address.ifindex = ifindex;
    address.family = AF_INET;
    address.prefixlen = prefixlen;
    address.local.family = AF_INET;
    address.local.bytes = {192, 0, 2, host};
    address.peer = address.local;
    return address;
}

rtnl::Address inet6(std::uint32_t ifindex, std::uint16_t host) {
    rtnl::Address address;
    address.ifindex = ifindex;
    address.family = AF_INET6;
    address.prefixlen = 64;
    address.local.family = AF_INET6;
    address.local.bytes = {0x20, 0x01, 0x0d, 0xb8};
    address.local.bytes[14] = static_cast<std::uint8_t>(host >> 8);
    address.local.bytes[15] = static_cast<std::uint8_t>(host);
    address.peer = address.local;
    return address;
}

rtnl::Update there(const rtnl::Link& link, CarrierCounts counts) {
    return {.key = key_of(link),
            .object = rtnl::Boxed<rtnl::Link>{link},
            .gone = rtnl::Gone::no,
            .carrier_ups = counts.ups,
            .carrier_downs = counts.downs};
}

rtnl::Update there(const rtnl::Address& address) { return {.key = key_of(address), .object = address}; }

rtnl::Update gone(const rtnl::Link& link, rtnl::Gone reason) {
    return {.key = key_of(link), .object = rtnl::Boxed<rtnl::Link>{link}, .gone = reason};
}

rtnl::Update gone(const rtnl::Address& address) {
    return {.key = key_of(address), .object = address, .gone = rtnl::Gone::deleted};
}

}  // namespace nlwatch::test
