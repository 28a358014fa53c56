#include "kernel/dump_request.hpp"

#include <linux/if_addr.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>

namespace nlwatch::kernel {

netlink::Request dump_request(const state::Pass::Part& part) {
    if (part.kind == rtnl::Kind::link) {
        netlink::Request request{RTM_GETLINK, NLM_F_DUMP};
        request.body(ifinfomsg{}).attribute(IFLA_EXT_MASK, std::uint32_t{RTEXT_FILTER_SKIP_STATS});
        return request;
    }
    ifaddrmsg addresses{};
    addresses.ifa_family = part.family;
    addresses.ifa_index = part.ifindex;
    netlink::Request request{RTM_GETADDR, NLM_F_DUMP};
    request.body(addresses);
    return request;
}

}  // namespace nlwatch::kernel
