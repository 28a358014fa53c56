// Links, addresses and what messages say of them, in few words.
#pragma once
#include <string_view>

#include "rtnl/object.hpp"

namespace nlwatch::test {

// Up, with carrier.
rtnl::Link link(std::uint32_t ifindex, std::string_view ifname, std::string_view kind = "veth");
rtnl::Link without_carrier(rtnl::Link);

rtnl::Address inet(std::uint32_t ifindex, std::uint8_t host, std::uint8_t prefixlen = 24);  // 192.0.2.host
rtnl::Address inet6(std::uint32_t ifindex, std::uint16_t host);  // 2001:db8::host, tentative no more

struct CarrierCounts {
    std::uint32_t ups = 1, downs = 1;
};
rtnl::Update there(const rtnl::Link&, CarrierCounts = {});
rtnl::Update there(const rtnl::Address&);
rtnl::Update gone(const rtnl::Link&, rtnl::Gone = rtnl::Gone::deleted);
rtnl::Update gone(const rtnl::Address&);

}  // namespace nlwatch::test
