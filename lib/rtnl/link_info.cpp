#include "rtnl/link_info.hpp"

#include <linux/if_link.h>

#include <optional>

#include "rtnl/decode_each.hpp"

namespace nlwatch::rtnl {
namespace {

template <class T, class Data>
bool decode_into(const netlink::Attribute& nest, Data& data) {
    T value;
    if (!decode(nest, value)) return false;
    data = std::move(value);
    return true;
}

// As decode_into, for what the variant holds by pointer.
template <class T, class Data>
bool decode_boxed(const netlink::Attribute& nest, Data& data) {
    T value;
    if (!decode(nest, value)) return false;
    data = Boxed<T>{std::move(value)};
    return true;
}

bool decode_data(std::string_view kind, const netlink::Attribute& nest, LinkData& data) {
    if (kind == "bridge") return decode_boxed<Bridge>(nest, data);
    if (kind == "bond") return decode_boxed<Bond>(nest, data);
    if (kind == "vxlan") return decode_boxed<Vxlan>(nest, data);
    if (kind == "macvlan" || kind == "macvtap") return decode_into<Macvlan>(nest, data);
    if (kind == "vlan") return decode_into<Vlan>(nest, data);
    if (kind == "vrf") return decode_into<Vrf>(nest, data);
    if (kind == "tun") return decode_into<Tun>(nest, data);
    return true;
}

bool decode_port_data(std::string_view kind, const netlink::Attribute& nest, PortData& data) {
    if (kind == "bridge") return decode_boxed<BridgePort>(nest, data);
    if (kind == "bond") return decode_boxed<BondPort>(nest, data);
    if (kind == "vrf") return decode_into<VrfPort>(nest, data);
    return true;
}

}  // namespace

bool decode(const netlink::Attribute& nest, LinkInfo& info) {
    info = {};
    // The kind says what the data means, and may stand behind it.
    std::optional<netlink::Attribute> data, port_data;
    const bool whole = decode_each(netlink::AttributeReader{nest}, [&](const netlink::Attribute& attribute) {
        switch (attribute.type) {
            case IFLA_INFO_KIND:
                info.kind = attribute.text();
                break;
            case IFLA_INFO_DATA:
                data = attribute;
                break;
            case IFLA_INFO_SLAVE_KIND:
                info.port_kind = attribute.text();
                break;
            case IFLA_INFO_SLAVE_DATA:
                port_data = attribute;
                break;
        }
        return true;
    });
    return whole && (!data || decode_data(info.kind, *data, info.data)) &&
           (!port_data || decode_port_data(info.port_kind, *port_data, info.port_data));
}

}  // namespace nlwatch::rtnl
