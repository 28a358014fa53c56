#include "rtnl/kinds/bridge.hpp"

#include <linux/if_bridge.h>
#include <linux/if_link.h>

#include "rtnl/decode_each.hpp"

namespace nlwatch::rtnl {
namespace {

bool decode(const netlink::Attribute& attribute, BridgeId& id) {
    ifla_bridge_id raw{};
    if (!netlink::copy(attribute.payload, raw)) return false;
    id.priority = static_cast<std::uint16_t>(raw.prio[0] << 8 | raw.prio[1]);
    std::memcpy(id.address.data(), raw.addr, id.address.size());
    return true;
}

// One attribute of many switches. What an older kernel does not know is off there.
bool decode_switches(const netlink::Attribute& attribute, Bridge& bridge) {
    br_boolopt_multi switches{};
    if (!netlink::copy(attribute.payload, switches)) return false;
    bridge.no_linklocal_learn = (switches.optval >> BR_BOOLOPT_NO_LL_LEARN & 1) != 0;
    bridge.mcast_vlan_snooping = (switches.optval >> BR_BOOLOPT_MCAST_VLAN_SNOOPING & 1) != 0;
    return true;
}

bool decode_multicast(const netlink::Attribute& attribute, Bridge& bridge) {
    switch (attribute.type) {
        case IFLA_BR_MCAST_SNOOPING:
            return attribute.read(bridge.mcast_snooping);
        case IFLA_BR_MCAST_ROUTER:
            return attribute.read(bridge.mcast_router);
        case IFLA_BR_MCAST_QUERY_USE_IFADDR:
            return attribute.read(bridge.mcast_query_use_ifaddr);
        case IFLA_BR_MCAST_QUERIER:
            return attribute.read(bridge.mcast_querier);
        case IFLA_BR_MCAST_HASH_ELASTICITY:
            return attribute.read(bridge.mcast_hash_elasticity);
        case IFLA_BR_MCAST_HASH_MAX:
            return attribute.read(bridge.mcast_hash_max);
        case IFLA_BR_MCAST_LAST_MEMBER_CNT:
            return attribute.read(bridge.mcast_last_member_cnt);
        case IFLA_BR_MCAST_STARTUP_QUERY_CNT:
            return attribute.read(bridge.mcast_startup_query_cnt);
        case IFLA_BR_MCAST_LAST_MEMBER_INTVL:
            return attribute.read(bridge.mcast_last_member_intvl);
        case IFLA_BR_MCAST_MEMBERSHIP_INTVL:
            return attribute.read(bridge.mcast_membership_intvl);
        case IFLA_BR_MCAST_QUERIER_INTVL:
            return attribute.read(bridge.mcast_querier_intvl);
        case IFLA_BR_MCAST_QUERY_INTVL:
            return attribute.read(bridge.mcast_query_intvl);
        case IFLA_BR_MCAST_QUERY_RESPONSE_INTVL:
            return attribute.read(bridge.mcast_query_response_intvl);
        case IFLA_BR_MCAST_STARTUP_QUERY_INTVL:
            return attribute.read(bridge.mcast_startup_query_intvl);
        case IFLA_BR_MCAST_STATS_ENABLED:
            return attribute.read(bridge.mcast_stats_enabled);
        case IFLA_BR_MCAST_IGMP_VERSION:
            return attribute.read(bridge.mcast_igmp_version);
        case IFLA_BR_MCAST_MLD_VERSION:
            return attribute.read(bridge.mcast_mld_version);
        default:
            return true;
    }
}

}  // namespace

bool decode(const netlink::Attribute& nest, Bridge& bridge) {
    return decode_each(netlink::AttributeReader{nest}, [&](const netlink::Attribute& attribute) {
        switch (attribute.type) {
            case IFLA_BR_FORWARD_DELAY:
                return attribute.read(bridge.forward_delay);
            case IFLA_BR_HELLO_TIME:
                return attribute.read(bridge.hello_time);
            case IFLA_BR_MAX_AGE:
                return attribute.read(bridge.max_age);
            case IFLA_BR_AGEING_TIME:
                return attribute.read(bridge.ageing_time);
            case IFLA_BR_STP_STATE:
                return attribute.read(bridge.stp_state);
            case IFLA_BR_PRIORITY:
                return attribute.read(bridge.priority);
            case IFLA_BR_VLAN_FILTERING:
                return attribute.read(bridge.vlan_filtering);
            case IFLA_BR_VLAN_PROTOCOL:
                return attribute.read_big_endian(bridge.vlan_protocol.emplace());
            case IFLA_BR_BRIDGE_ID:
                return decode(attribute, bridge.bridge_id);
            case IFLA_BR_ROOT_ID:
                return decode(attribute, bridge.root_id);
            case IFLA_BR_ROOT_PORT:
                return attribute.read(bridge.root_port);
            case IFLA_BR_ROOT_PATH_COST:
                return attribute.read(bridge.root_path_cost);
            case IFLA_BR_VLAN_DEFAULT_PVID:
                return attribute.read(bridge.vlan_default_pvid);
            case IFLA_BR_VLAN_STATS_ENABLED:
                return attribute.read(bridge.vlan_stats_enabled);
            case IFLA_BR_VLAN_STATS_PER_PORT:
                return attribute.read(bridge.vlan_stats_per_port);
            case IFLA_BR_GROUP_FWD_MASK:
                return attribute.read(bridge.group_fwd_mask);
            case IFLA_BR_GROUP_ADDR:
                return bridge.group_addr.assign(attribute.payload);
            case IFLA_BR_MULTI_BOOLOPT:
                return decode_switches(attribute, bridge);
            case IFLA_BR_NF_CALL_IPTABLES:
                return attribute.read(bridge.nf_call_iptables);
            case IFLA_BR_NF_CALL_IP6TABLES:
                return attribute.read(bridge.nf_call_ip6tables);
            case IFLA_BR_NF_CALL_ARPTABLES:
                return attribute.read(bridge.nf_call_arptables);
            default:
                return decode_multicast(attribute, bridge);
        }
    });
}

bool decode(const netlink::Attribute& nest, BridgePort& port) {
    return decode_each(netlink::AttributeReader{nest}, [&](const netlink::Attribute& attribute) {
        switch (attribute.type) {
            case IFLA_BRPORT_STATE:
                return attribute.read(port.state);
            case IFLA_BRPORT_PRIORITY:
                return attribute.read(port.priority);
            case IFLA_BRPORT_COST:
                return attribute.read(port.cost);
            case IFLA_BRPORT_MODE:
                return attribute.read(port.mode);
            case IFLA_BRPORT_GUARD:
                return attribute.read(port.guard);
            case IFLA_BRPORT_PROTECT:
                return attribute.read(port.protect);
            case IFLA_BRPORT_FAST_LEAVE:
                return attribute.read(port.fast_leave);
            case IFLA_BRPORT_LEARNING:
                return attribute.read(port.learning);
            case IFLA_BRPORT_UNICAST_FLOOD:
                return attribute.read(port.unicast_flood);
            case IFLA_BRPORT_ID:
                return attribute.read(port.id);
            case IFLA_BRPORT_NO:
                return attribute.read(port.no);
            case IFLA_BRPORT_DESIGNATED_PORT:
                return attribute.read(port.designated_port);
            case IFLA_BRPORT_DESIGNATED_COST:
                return attribute.read(port.designated_cost);
            case IFLA_BRPORT_BRIDGE_ID:
                return decode(attribute, port.bridge_id);
            case IFLA_BRPORT_ROOT_ID:
                return decode(attribute, port.root_id);
            case IFLA_BRPORT_PROXYARP:
                return attribute.read(port.proxyarp);
            case IFLA_BRPORT_PROXYARP_WIFI:
                return attribute.read(port.proxyarp_wifi);
            case IFLA_BRPORT_MULTICAST_ROUTER:
                return attribute.read(port.multicast_router);
            case IFLA_BRPORT_MCAST_FLOOD:
                return attribute.read(port.mcast_flood);
            case IFLA_BRPORT_BCAST_FLOOD:
                return attribute.read(port.bcast_flood);
            case IFLA_BRPORT_MCAST_TO_UCAST:
                return attribute.read(port.mcast_to_ucast);
            case IFLA_BRPORT_NEIGH_SUPPRESS:
                return attribute.read(port.neigh_suppress);
            case IFLA_BRPORT_GROUP_FWD_MASK:
                return attribute.read(port.group_fwd_mask);
            case IFLA_BRPORT_VLAN_TUNNEL:
                return attribute.read(port.vlan_tunnel);
            case IFLA_BRPORT_ISOLATED:
                return attribute.read(port.isolated);
            case IFLA_BRPORT_LOCKED:
                return attribute.read(port.locked);
            case IFLA_BRPORT_BACKUP_PORT:
                return attribute.read(port.backup_port);
            default:
                return true;
        }
    });
}

}  // namespace nlwatch::rtnl
