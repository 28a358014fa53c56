// The part of the tests' encoder that knows kinds of links: IFLA_INFO_DATA and IFLA_INFO_SLAVE_DATA.
#pragma once
#include "netlink/request.hpp"
#include "rtnl/link_info.hpp"

namespace nlwatch::test {

void fill_data(netlink::Request&, const rtnl::LinkData&);
void fill_port_data(netlink::Request&, const rtnl::PortData&);

}  // namespace nlwatch::test
