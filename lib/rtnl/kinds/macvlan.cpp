#include "rtnl/kinds/macvlan.hpp"

#include <linux/if_link.h>

#include "rtnl/decode_each.hpp"

namespace nlwatch::rtnl {
namespace {

bool decode_sources(const netlink::Attribute& nest, std::vector<HardwareAddress>& sources) {
    return decode_each(netlink::AttributeReader{nest}, [&](const netlink::Attribute& attribute) {
        return attribute.type != IFLA_MACVLAN_MACADDR || sources.emplace_back().assign(attribute.payload);
    });
}

}  // namespace

bool decode(const netlink::Attribute& nest, Macvlan& macvlan) {
    return decode_each(netlink::AttributeReader{nest}, [&](const netlink::Attribute& attribute) {
        switch (attribute.type) {
            case IFLA_MACVLAN_MODE:
                return attribute.read(macvlan.mode);
            case IFLA_MACVLAN_FLAGS:
                return attribute.read(macvlan.flags);
            case IFLA_MACVLAN_MACADDR_DATA:
                return decode_sources(attribute, macvlan.macaddr_data);
            case IFLA_MACVLAN_MACADDR_COUNT:
                return attribute.read(macvlan.macaddr_count);
            case IFLA_MACVLAN_BC_QUEUE_LEN:
                return attribute.read(macvlan.bc_queue_len);
            case IFLA_MACVLAN_BC_QUEUE_LEN_USED:
                return attribute.read(macvlan.bc_queue_len_used);
            default:
                return true;
        }
    });
}

}  // namespace nlwatch::rtnl
