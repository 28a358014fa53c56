#include "rtnl/kinds/vrf.hpp"

#include <linux/if_link.h>

#include "rtnl/decode_each.hpp"

namespace nlwatch::rtnl {

bool decode(const netlink::Attribute& nest, Vrf& vrf) {
    return decode_each(netlink::AttributeReader{nest}, [&](const netlink::Attribute& attribute) {
        return attribute.type != IFLA_VRF_TABLE || attribute.read(vrf.table);
    });
}

bool decode(const netlink::Attribute& nest, VrfPort& port) {
    return decode_each(netlink::AttributeReader{nest}, [&](const netlink::Attribute& attribute) {
        return attribute.type != IFLA_VRF_PORT_TABLE || attribute.read(port.table);
    });
}

}  // namespace nlwatch::rtnl
