#include "rtnl/kinds/vlan.hpp"

#include <linux/if_link.h>

#include "rtnl/decode_each.hpp"

namespace nlwatch::rtnl {
namespace {

bool decode(const netlink::Attribute& nest, std::vector<VlanPriority>& map) {
    return decode_each(netlink::AttributeReader{nest}, [&](const netlink::Attribute& attribute) {
        if (attribute.type != IFLA_VLAN_QOS_MAPPING) return true;
        ifla_vlan_qos_mapping mapping{};
        if (!netlink::copy(attribute.payload, mapping)) return false;
        map.push_back({mapping.from, mapping.to});
        return true;
    });
}

}  // namespace

bool decode(const netlink::Attribute& nest, Vlan& vlan) {
    return decode_each(netlink::AttributeReader{nest}, [&](const netlink::Attribute& attribute) {
        switch (attribute.type) {
            case IFLA_VLAN_PROTOCOL:
                return attribute.read_big_endian(vlan.protocol);
            case IFLA_VLAN_ID:
                return attribute.read(vlan.id);
            // struct ifla_vlan_flags begins with the flags; its mask says which to change, in requests only.
            case IFLA_VLAN_FLAGS:
                return attribute.read(vlan.flags);
            case IFLA_VLAN_INGRESS_QOS:
                return decode(attribute, vlan.ingress_qos);
            case IFLA_VLAN_EGRESS_QOS:
                return decode(attribute, vlan.egress_qos);
            default:
                return true;
        }
    });
}

}  // namespace nlwatch::rtnl
