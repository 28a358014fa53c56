#include "rtnl/kinds/tun.hpp"

#include <linux/if_link.h>

#include "rtnl/decode_each.hpp"

namespace nlwatch::rtnl {

bool decode(const netlink::Attribute& nest, Tun& tun) {
    return decode_each(netlink::AttributeReader{nest}, [&](const netlink::Attribute& attribute) {
        switch (attribute.type) {
            case IFLA_TUN_TYPE:
                return attribute.read(tun.type);
            case IFLA_TUN_PI:
                return attribute.read(tun.pi);
            case IFLA_TUN_VNET_HDR:
                return attribute.read(tun.vnet_hdr);
            case IFLA_TUN_PERSIST:
                return attribute.read(tun.persist);
            case IFLA_TUN_MULTI_QUEUE:
                return attribute.read(tun.multi_queue);
            case IFLA_TUN_NUM_QUEUES:
                return attribute.read(tun.num_queues);
            case IFLA_TUN_NUM_DISABLED_QUEUES:
                return attribute.read(tun.num_disabled_queues);
            default:
                return true;
        }
    });
}

}  // namespace nlwatch::rtnl
