#include "record/link_state.hpp"

#include <linux/if.h>

namespace nlwatch::record {

std::string_view why_down(const rtnl::Link& link) {
    if (!(link.flags & IFF_UP)) return "admin_down";
    switch (link.operstate) {
        case IF_OPER_LOWERLAYERDOWN:
            return "lower_layer_down";
        case IF_OPER_NOTPRESENT:
            return "not_present";
        case IF_OPER_DORMANT:
            return "dormant";
        case IF_OPER_TESTING:
            return "testing";
        case IF_OPER_UP:
            return {};
        default:
            break;
    }
    if (!link.carrier()) return "no_carrier";
    return link.operstate == IF_OPER_UNKNOWN ? std::string_view{} : "unknown";
}

}  // namespace nlwatch::record
