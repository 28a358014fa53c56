// An IP address on a link: struct ifaddrmsg and IFA_* of <linux/if_addr.h>.
#pragma once
#include <cstdint>
#include <optional>

#include "rtnl/ip_address.hpp"
#include "rtnl/name.hpp"

namespace nlwatch::rtnl {

// State only, so == means "nothing changed": lifetimes, and the moments in IFA_CACHEINFO, are left out.
struct Address {
    std::uint32_t ifindex{};
    std::uint8_t family{};     // AF_INET or AF_INET6
    std::uint8_t prefixlen{};  // bits
    std::uint8_t scope{};      // RT_SCOPE_* of <linux/rtnetlink.h>
    std::uint32_t flags{};     // IFA_F_*: IFA_FLAGS where the kernel sends it, else the header's 8 bits
    IpAddress local;           // IFA_LOCAL, else IFA_ADDRESS (IPv6 without a peer)
    IpAddress peer;            // IFA_ADDRESS: the peer on a point-to-point link, else the same as `local`.
                               // 0.0.0.0 where the kernel leaves it out: then it is that
    IpAddress broadcast;       // IFA_BROADCAST, IPv4 only; empty = none
    Name label;                // IFA_LABEL, IPv4 only
    std::optional<std::uint8_t> protocol;  // IFA_PROTO: IFAPROT_*, who added it; since Linux 5.18
    std::optional<std::uint32_t> metric;   // IFA_RT_PRIORITY: of its prefix route

    bool usable() const;  // neither tentative nor failed in duplicate address detection
    bool operator==(const Address&) const = default;
};

// The payload of RTM_NEWADDR or RTM_DELADDR of AF_INET or AF_INET6. False, and the target half-filled, if it
// is malformed or without what makes its key.
bool decode(netlink::Bytes payload, Address&);

}  // namespace nlwatch::rtnl
