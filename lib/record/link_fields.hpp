// The fields of a link's object: the one list that writing, comparing and reading share.
#pragma once
#include <linux/if.h>

#include "record/kinds/bond_fields.hpp"
#include "record/kinds/bridge_fields.hpp"
#include "record/kinds/macvlan_fields.hpp"
#include "record/kinds/tun_fields.hpp"
#include "record/kinds/vlan_fields.hpp"
#include "record/kinds/vrf_fields.hpp"
#include "record/kinds/vxlan_fields.hpp"
#include "record/link_state.hpp"
#include "rtnl/link.hpp"
#include "state/row.hpp"

namespace nlwatch::record {

// Words and nesting are those of `ip -j -d link`. Members behind `derived` follow from others: they are
// written, not read. `row` is that of the link: const for the writer.
template <class Visitor, class Row, class Link>
requires std::is_same_v<std::remove_const_t<Link>, rtnl::Link>
void visit_fields(Visitor& field, Row& row, Link& link) {
    field("ifindex", link.ifindex);
    field("ifname", link.ifname);
    field.derived("link_kind", row.link_kind);
    field.when(!link.link_netnsid, "link", LinkName{link.link});
    field.when(link.link_netnsid.has_value(), "link_index", link.link);
    field("link_netnsid", link.link_netnsid);
    field("flags", LinkFlags{link.flags});
    field("mtu", link.mtu);
    field("min_mtu", link.min_mtu);
    field("max_mtu", link.max_mtu);
    field("qdisc", link.qdisc);
    field("master", LinkName{link.master});
    field("operstate", Word{link.operstate, words::operstate});
    field("linkmode", Word{link.linkmode, words::linkmode});
    field("group", Word{link.group, words::group});
    field("txqlen", IfSet{link.txqlen});
    field("link_type", LinkType{link.type});
    field("address", LinkAddress{link.address, link.type});
    field.derived("link_pointtopoint", IfSet{(link.flags & IFF_POINTOPOINT) != 0 && !link.broadcast.empty()});
    field("broadcast", LinkAddress{link.broadcast, link.type});
    field.when(link.permanent_address != link.address, "permaddr",
               LinkAddress{link.permanent_address, link.type});
    field("ifalias", link.alias);
    field("altnames", link.altnames);
    field("num_tx_queues", link.num_tx_queues);
    field("num_rx_queues", link.num_rx_queues);
    field("gso_max_size", link.gso_max_size);
    field("gso_max_segs", link.gso_max_segs);
    field("tso_max_size", link.tso_max_size);
    field("tso_max_segs", link.tso_max_segs);
    field("gro_max_size", link.gro_max_size);
    field("proto_down", IfSet{link.proto_down});
    field("proto_down_reason", IfSet{BitNumbers{link.proto_down_reason}});
    field("phys_port_name", link.phys_port_name);
    field("phys_port_id", HexBytes{link.phys_port_id});
    field("phys_switch_id", HexBytes{link.phys_switch_id});
    field("parentbus", link.parent_bus);
    field("parentdev", link.parent_device);
    field("linkinfo", link.info);
    field.derived("carrier", link.carrier());
    field.derived("state", is_up(link) ? "up" : "down");
    field.derived("state_reason", why_down(link));
}

}  // namespace nlwatch::record
