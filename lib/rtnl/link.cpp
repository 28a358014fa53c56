#include "rtnl/link.hpp"

#include <linux/if.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include <algorithm>

#include "rtnl/decode_each.hpp"

namespace nlwatch::rtnl {
namespace {

bool decode_altnames(const netlink::Attribute& nest, std::vector<std::string>& names) {
    return decode_each(netlink::AttributeReader{nest}, [&](const netlink::Attribute& attribute) {
        if (attribute.type == IFLA_ALT_IFNAME) names.emplace_back(attribute.text());
        return true;
    });
}

bool decode_reason(const netlink::Attribute& nest, std::uint32_t& reason) {
    return decode_each(netlink::AttributeReader{nest}, [&](const netlink::Attribute& attribute) {
        return attribute.type != IFLA_PROTO_DOWN_REASON_VALUE || attribute.read(reason);
    });
}

bool decode(const netlink::Attribute& attribute, LinkNotes& notes) {
    switch (attribute.type) {
        case IFLA_CARRIER_UP_COUNT:
            return attribute.read(notes.carrier_ups);
        case IFLA_CARRIER_DOWN_COUNT:
            return attribute.read(notes.carrier_downs);
        case IFLA_WIRELESS:
            return notes.wireless = true;
        case IFLA_NEW_NETNSID:
        case IFLA_NEW_IFINDEX:
            return notes.moved_netns = true;
        default:
            return true;
    }
}

// Left out: IFLA_STATS*, IFLA_AF_SPEC (counters, and the dump differs from the last message), IFLA_EVENT,
// IFLA_CARRIER*, IFLA_PROMISCUITY and IFLA_ALLMULTI (counts), IFLA_MAP, IFLA_XDP, VFs.
bool decode(const netlink::Attribute& attribute, Link& link, LinkNotes& notes) {
    switch (attribute.type) {
        case IFLA_IFNAME:
            link.ifname = attribute.text();
            return true;
        case IFLA_MTU:
            return attribute.read(link.mtu);
        case IFLA_MIN_MTU:
            return attribute.read(link.min_mtu);
        case IFLA_MAX_MTU:
            return attribute.read(link.max_mtu);
        case IFLA_QDISC:
            link.qdisc = attribute.text();
            return true;
        case IFLA_OPERSTATE:
            return attribute.read(link.operstate);
        case IFLA_LINKMODE:
            return attribute.read(link.linkmode);
        case IFLA_GROUP:
            return attribute.read(link.group);
        case IFLA_TXQLEN:
            return attribute.read(link.txqlen);
        case IFLA_ADDRESS:
            return link.address.assign(attribute.payload);
        case IFLA_BROADCAST:
            return link.broadcast.assign(attribute.payload);
        case IFLA_PERM_ADDRESS:
            return link.permanent_address.assign(attribute.payload);
        case IFLA_IFALIAS:
            link.alias = attribute.text();
            return true;
        case IFLA_PROP_LIST:
            return decode_altnames(attribute, link.altnames);
        case IFLA_LINK:
            return attribute.read(link.link);
        case IFLA_LINK_NETNSID:
            return attribute.read(link.link_netnsid);
        case IFLA_MASTER:
            return attribute.read(link.master);
        case IFLA_NUM_TX_QUEUES:
            return attribute.read(link.num_tx_queues);
        case IFLA_NUM_RX_QUEUES:
            return attribute.read(link.num_rx_queues);
        case IFLA_GSO_MAX_SIZE:
            return attribute.read(link.gso_max_size);
        case IFLA_GSO_MAX_SEGS:
            return attribute.read(link.gso_max_segs);
        case IFLA_TSO_MAX_SIZE:
            return attribute.read(link.tso_max_size);
        case IFLA_TSO_MAX_SEGS:
            return attribute.read(link.tso_max_segs);
        case IFLA_GRO_MAX_SIZE:
            return attribute.read(link.gro_max_size);
        case IFLA_PROTO_DOWN:
            return attribute.read(link.proto_down);
        case IFLA_PROTO_DOWN_REASON:
            return decode_reason(attribute, link.proto_down_reason);
        case IFLA_PHYS_PORT_NAME:
            link.phys_port_name = attribute.text();
            return true;
        case IFLA_PHYS_PORT_ID:
            return link.phys_port_id.assign(attribute.payload);
        case IFLA_PHYS_SWITCH_ID:
            return link.phys_switch_id.assign(attribute.payload);
        case IFLA_PARENT_DEV_BUS_NAME:
            link.parent_bus = attribute.text();
            return true;
        case IFLA_PARENT_DEV_NAME:
            link.parent_device = attribute.text();
            return true;
        case IFLA_LINKINFO:
            return decode(attribute, link.info);
        default:
            return decode(attribute, notes);
    }
}

}  // namespace

bool decode(netlink::Bytes payload, Link& link, LinkNotes& notes) {
    ifinfomsg header{};
    if (!netlink::copy(payload, header) || header.ifi_index <= 0) return false;
    link.ifindex = static_cast<std::uint32_t>(header.ifi_index);
    link.flags = header.ifi_flags;
    link.type = header.ifi_type;
    return decode_each(netlink::AttributeReader{payload.subspan(sizeof header)},
                       [&](const netlink::Attribute& attribute) { return decode(attribute, link, notes); });
}

bool Link::carrier() const { return (flags & IFF_LOWER_UP) != 0; }

std::vector<std::uint32_t> mentioned_links(const Link& link) {
    std::vector<std::uint32_t> links;
    const auto mention = [&](std::uint32_t ifindex) {
        if (ifindex != 0 && ifindex != link.ifindex) links.push_back(ifindex);
    };
    mention(link.master);
    // What lies below may be in another namespace, and its number with it.
    if (!link.link_netnsid) {
        mention(link.link.value_or(0));
        if (const auto* vxlan = std::get_if<Boxed<Vxlan>>(&link.info.data)) mention((*vxlan)->link);
    }
    if (const auto* bond = std::get_if<Boxed<Bond>>(&link.info.data)) {
        mention((*bond)->active_slave);
        mention((*bond)->primary);
    }
    if (const auto* port = std::get_if<Boxed<BridgePort>>(&link.info.port_data))
        mention((*port)->backup_port);
    std::sort(links.begin(), links.end());
    links.erase(std::unique(links.begin(), links.end()), links.end());
    return links;
}

}  // namespace nlwatch::rtnl
