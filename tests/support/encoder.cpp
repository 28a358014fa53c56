#include "support/encoder.hpp"

#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include "support/encoder_kinds.hpp"
#include "support/encoder_put.hpp"

namespace nlwatch::test {
namespace {

using netlink::Request;

// rtnl_link_fill()
void fill(Request& request, const rtnl::LinkInfo& info) {
    if (info.kind.empty() && info.port_kind.empty()) return;
    request.nest(IFLA_LINKINFO);
    put(request, IFLA_INFO_KIND, info.kind.view());
    fill_data(request, info.data);
    put(request, IFLA_INFO_SLAVE_KIND, info.port_kind.view());
    fill_port_data(request, info.port_data);
    request.end();
}

}  // namespace

// rtnl_fill_ifinfo()
Request link_message(std::uint16_t type, const rtnl::Link& link, const rtnl::LinkNotes& notes) {
    Request request{type, 0};
    ifinfomsg header{};
    header.ifi_type = link.type;
    header.ifi_index = static_cast<int>(link.ifindex);
    header.ifi_flags = link.flags;
    request.body(header);
    put(request, IFLA_IFNAME, link.ifname.view());
    request.attribute(IFLA_TXQLEN, link.txqlen);
    request.attribute(IFLA_OPERSTATE, link.operstate);
    request.attribute(IFLA_LINKMODE, link.linkmode);
    request.attribute(IFLA_MTU, link.mtu);
    put(request, IFLA_MIN_MTU, link.min_mtu);
    put(request, IFLA_MAX_MTU, link.max_mtu);
    request.attribute(IFLA_GROUP, link.group);
    put(request, IFLA_NUM_TX_QUEUES, link.num_tx_queues);
    put(request, IFLA_GSO_MAX_SEGS, link.gso_max_segs);
    put(request, IFLA_GSO_MAX_SIZE, link.gso_max_size);
    put(request, IFLA_GRO_MAX_SIZE, link.gro_max_size);
    put(request, IFLA_TSO_MAX_SIZE, link.tso_max_size);
    put(request, IFLA_TSO_MAX_SEGS, link.tso_max_segs);
    put(request, IFLA_NUM_RX_QUEUES, link.num_rx_queues);
    if (link.master != 0) request.attribute(IFLA_MASTER, link.master);
    put(request, IFLA_QDISC, std::string_view{link.qdisc});
    put(request, IFLA_IFALIAS, std::string_view{link.alias});
    request.attribute(IFLA_CARRIER_UP_COUNT, notes.carrier_ups);
    request.attribute(IFLA_CARRIER_DOWN_COUNT, notes.carrier_downs);
    request.attribute(IFLA_PROTO_DOWN, link.proto_down);
    if (link.proto_down_reason != 0) {
        request.nest(IFLA_PROTO_DOWN_REASON);
        request.attribute(IFLA_PROTO_DOWN_REASON_VALUE, link.proto_down_reason);
        request.end();
    }
    put(request, IFLA_ADDRESS, link.address);
    put(request, IFLA_BROADCAST, link.broadcast);
    put(request, IFLA_PHYS_PORT_ID, link.phys_port_id);
    put(request, IFLA_PHYS_PORT_NAME, std::string_view{link.phys_port_name});
    put(request, IFLA_PHYS_SWITCH_ID, link.phys_switch_id);
    fill(request, link.info);
    put(request, IFLA_LINK, link.link);
    put(request, IFLA_LINK_NETNSID, link.link_netnsid);
    if (notes.moved_netns) request.attribute(IFLA_NEW_NETNSID, std::int32_t{0});
    if (notes.wireless) request.attribute(IFLA_WIRELESS, std::uint32_t{0});
    put(request, IFLA_PERM_ADDRESS, link.permanent_address);
    if (!link.altnames.empty()) {
        request.nest(IFLA_PROP_LIST);
        for (const std::string& name : link.altnames) request.text(IFLA_ALT_IFNAME, name);
        request.end();
    }
    put(request, IFLA_PARENT_DEV_NAME, std::string_view{link.parent_device});
    put(request, IFLA_PARENT_DEV_BUS_NAME, std::string_view{link.parent_bus});
    return request;
}

// inet_fill_ifaddr(), inet6_fill_ifaddr()
Request address_message(std::uint16_t type, const rtnl::Address& address) {
    Request request{type, 0};
    ifaddrmsg header{};
    header.ifa_family = address.family;
    header.ifa_prefixlen = address.prefixlen;
    header.ifa_flags = static_cast<std::uint8_t>(address.flags);
    header.ifa_scope = address.scope;
    header.ifa_index = address.ifindex;
    request.body(header);
    if (address.family == AF_INET || address.peer != address.local) put(request, IFA_LOCAL, address.local);
    put(request, IFA_ADDRESS, address.peer);
    put(request, IFA_BROADCAST, address.broadcast);
    put(request, IFA_LABEL, address.label.view());
    put(request, IFA_PROTO, address.protocol);
    request.attribute(IFA_FLAGS, address.flags);
    put(request, IFA_RT_PRIORITY, address.metric);
    return request;
}

std::vector<std::byte> datagram(std::initializer_list<Request> messages) {
    std::vector<std::byte> all;
    for (Request message : messages) {
        const netlink::Bytes bytes = message.bytes(0);
        all.insert(all.end(), bytes.begin(), bytes.end());
    }
    return all;
}

}  // namespace nlwatch::test
