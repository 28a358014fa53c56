#include "rtnl/kinds/vxlan.hpp"

#include <linux/if_link.h>

#include "rtnl/decode_each.hpp"

namespace nlwatch::rtnl {
namespace {

// The unspecified address stands for none.
bool decode(const netlink::Attribute& attribute, std::uint8_t family, IpAddress& address) {
    IpAddress sent;
    if (!sent.assign(attribute.payload) || sent.family != family) return false;
    if (sent.bytes != IpAddress{}.bytes) address = sent;
    return true;
}

bool decode_port_range(const netlink::Attribute& attribute, Vxlan& vxlan) {
    const netlink::Attribute high{attribute.type,
                                  attribute.payload.subspan(attribute.payload.size() < 2 ? 0 : 2)};
    return attribute.read_big_endian(vxlan.port_low) && high.read_big_endian(vxlan.port_high);
}

}  // namespace

bool decode(const netlink::Attribute& nest, Vxlan& vxlan) {
    return decode_each(netlink::AttributeReader{nest}, [&](const netlink::Attribute& attribute) {
        switch (attribute.type) {
            case IFLA_VXLAN_ID:
                return attribute.read(vxlan.id);
            case IFLA_VXLAN_GROUP:
                return decode(attribute, AF_INET, vxlan.group);
            case IFLA_VXLAN_GROUP6:
                return decode(attribute, AF_INET6, vxlan.group);
            case IFLA_VXLAN_LOCAL:
                return decode(attribute, AF_INET, vxlan.local);
            case IFLA_VXLAN_LOCAL6:
                return decode(attribute, AF_INET6, vxlan.local);
            case IFLA_VXLAN_LINK:
                return attribute.read(vxlan.link);
            case IFLA_VXLAN_PORT:
                return attribute.read_big_endian(vxlan.port);
            case IFLA_VXLAN_PORT_RANGE:
                return decode_port_range(attribute, vxlan);
            case IFLA_VXLAN_TOS:
                return attribute.read(vxlan.tos);
            case IFLA_VXLAN_TTL:
                return attribute.read(vxlan.ttl);
            case IFLA_VXLAN_TTL_INHERIT:
                return attribute.read(vxlan.ttl_inherit);
            case IFLA_VXLAN_DF:
                return attribute.read(vxlan.df);
            case IFLA_VXLAN_LABEL:
                return attribute.read_big_endian(vxlan.label);
            case IFLA_VXLAN_AGEING:
                return attribute.read(vxlan.ageing);
            case IFLA_VXLAN_LIMIT:
                return attribute.read(vxlan.limit);
            case IFLA_VXLAN_LEARNING:
                return attribute.read(vxlan.learning);
            case IFLA_VXLAN_PROXY:
                return attribute.read(vxlan.proxy);
            case IFLA_VXLAN_RSC:
                return attribute.read(vxlan.rsc);
            case IFLA_VXLAN_L2MISS:
                return attribute.read(vxlan.l2miss);
            case IFLA_VXLAN_L3MISS:
                return attribute.read(vxlan.l3miss);
            case IFLA_VXLAN_COLLECT_METADATA:
                return attribute.read(vxlan.collect_metadata);
            case IFLA_VXLAN_VNIFILTER:
                return attribute.read(vxlan.vnifilter);
            case IFLA_VXLAN_UDP_CSUM:
                return attribute.read(vxlan.udp_csum);
            case IFLA_VXLAN_UDP_ZERO_CSUM6_TX:
                return attribute.read(vxlan.udp_zero_csum6_tx);
            case IFLA_VXLAN_UDP_ZERO_CSUM6_RX:
                return attribute.read(vxlan.udp_zero_csum6_rx);
            case IFLA_VXLAN_REMCSUM_TX:
                return attribute.read(vxlan.remcsum_tx);
            case IFLA_VXLAN_REMCSUM_RX:
                return attribute.read(vxlan.remcsum_rx);
            case IFLA_VXLAN_GBP:
                return vxlan.gbp = true;
            case IFLA_VXLAN_GPE:
                return vxlan.gpe = true;
            default:
                return true;
        }
    });
}

}  // namespace nlwatch::rtnl
