// IFLA_LINKINFO: a link's kind, and the data of the kinds that nlwatch knows (as a link, and as a port of its
// master).
#pragma once
#include <variant>

#include "netlink/attribute.hpp"
#include "rtnl/boxed.hpp"
#include "rtnl/kinds/bond.hpp"
#include "rtnl/kinds/bridge.hpp"
#include "rtnl/kinds/macvlan.hpp"
#include "rtnl/kinds/tun.hpp"
#include "rtnl/kinds/vlan.hpp"
#include "rtnl/kinds/vrf.hpp"
#include "rtnl/kinds/vxlan.hpp"
#include "rtnl/name.hpp"

namespace nlwatch::rtnl {

// std::monostate: no data, or of a kind whose data nlwatch does not know (veth, ifb, what is new).
using LinkData =
    std::variant<std::monostate, Boxed<Bridge>, Boxed<Bond>, Boxed<Vxlan>, Macvlan, Vlan, Vrf, Tun>;
using PortData = std::variant<std::monostate, Boxed<BridgePort>, Boxed<BondPort>, VrfPort>;

struct LinkInfo {
    KindName kind;  // IFLA_INFO_KIND: "veth", "bridge", …; empty = the kernel gives none (hardware, lo)
    LinkData data;  // IFLA_INFO_DATA
    KindName port_kind;  // IFLA_INFO_SLAVE_KIND: the kind of master that it is a port of
    PortData port_data;  // IFLA_INFO_SLAVE_DATA

    bool operator==(const LinkInfo&) const = default;
};

// IFLA_LINKINFO. False, and the target half-filled, if it is malformed.
bool decode(const netlink::Attribute& nest, LinkInfo&);

}  // namespace nlwatch::rtnl
