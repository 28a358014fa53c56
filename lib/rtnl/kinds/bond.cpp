#include "rtnl/kinds/bond.hpp"

#include <linux/if_link.h>

#include "rtnl/decode_each.hpp"

namespace nlwatch::rtnl {
namespace {

// A nest whose types are positions: the kernel leaves no holes and keeps their order.
bool decode(const netlink::Attribute& nest, std::uint8_t family, std::vector<IpAddress>& targets) {
    return decode_each(netlink::AttributeReader{nest}, [&](const netlink::Attribute& attribute) {
        IpAddress target;
        if (!target.assign(attribute.payload) || target.family != family) return false;
        targets.push_back(target);
        return true;
    });
}

bool decode(const netlink::Attribute& nest, BondAggregator& aggregator) {
    return decode_each(netlink::AttributeReader{nest}, [&](const netlink::Attribute& attribute) {
        switch (attribute.type) {
            case IFLA_BOND_AD_INFO_AGGREGATOR:
                return attribute.read(aggregator.aggregator);
            case IFLA_BOND_AD_INFO_NUM_PORTS:
                return attribute.read(aggregator.num_ports);
            case IFLA_BOND_AD_INFO_ACTOR_KEY:
                return attribute.read(aggregator.actor_key);
            case IFLA_BOND_AD_INFO_PARTNER_KEY:
                return attribute.read(aggregator.partner_key);
            case IFLA_BOND_AD_INFO_PARTNER_MAC:
                return aggregator.partner_mac.assign(attribute.payload);
            default:
                return true;
        }
    });
}

}  // namespace

bool decode(const netlink::Attribute& nest, Bond& bond) {
    return decode_each(netlink::AttributeReader{nest}, [&](const netlink::Attribute& attribute) {
        switch (attribute.type) {
            case IFLA_BOND_MODE:
                return attribute.read(bond.mode);
            case IFLA_BOND_ACTIVE_SLAVE:
                return attribute.read(bond.active_slave);
            case IFLA_BOND_MIIMON:
                return attribute.read(bond.miimon);
            case IFLA_BOND_UPDELAY:
                return attribute.read(bond.updelay);
            case IFLA_BOND_DOWNDELAY:
                return attribute.read(bond.downdelay);
            case IFLA_BOND_PEER_NOTIF_DELAY:
                return attribute.read(bond.peer_notify_delay);
            case IFLA_BOND_USE_CARRIER:
                return attribute.read(bond.use_carrier);
            case IFLA_BOND_ARP_INTERVAL:
                return attribute.read(bond.arp_interval);
            case IFLA_BOND_ARP_IP_TARGET:
                return decode(attribute, AF_INET, bond.arp_ip_target);
            case IFLA_BOND_NS_IP6_TARGET:
                return decode(attribute, AF_INET6, bond.ns_ip6_target);
            case IFLA_BOND_ARP_VALIDATE:
                return attribute.read(bond.arp_validate);
            case IFLA_BOND_ARP_ALL_TARGETS:
                return attribute.read(bond.arp_all_targets);
            case IFLA_BOND_MISSED_MAX:
                return attribute.read(bond.missed_max);
            case IFLA_BOND_PRIMARY:
                return attribute.read(bond.primary);
            case IFLA_BOND_PRIMARY_RESELECT:
                return attribute.read(bond.primary_reselect);
            case IFLA_BOND_FAIL_OVER_MAC:
                return attribute.read(bond.fail_over_mac);
            case IFLA_BOND_XMIT_HASH_POLICY:
                return attribute.read(bond.xmit_hash_policy);
            case IFLA_BOND_RESEND_IGMP:
                return attribute.read(bond.resend_igmp);
            case IFLA_BOND_NUM_PEER_NOTIF:
                return attribute.read(bond.num_peer_notif);
            case IFLA_BOND_ALL_SLAVES_ACTIVE:
                return attribute.read(bond.all_slaves_active);
            case IFLA_BOND_MIN_LINKS:
                return attribute.read(bond.min_links);
            case IFLA_BOND_LP_INTERVAL:
                return attribute.read(bond.lp_interval);
            case IFLA_BOND_PACKETS_PER_SLAVE:
                return attribute.read(bond.packets_per_slave);
            case IFLA_BOND_AD_LACP_ACTIVE:
                return attribute.read(bond.ad_lacp_active);
            case IFLA_BOND_AD_LACP_RATE:
                return attribute.read(bond.ad_lacp_rate);
            case IFLA_BOND_AD_SELECT:
                return attribute.read(bond.ad_select);
            case IFLA_BOND_AD_INFO:
                return decode(attribute, bond.ad_info.emplace());
            case IFLA_BOND_TLB_DYNAMIC_LB:
                return attribute.read(bond.tlb_dynamic_lb);
            default:
                return true;
        }
    });
}

bool decode(const netlink::Attribute& nest, BondPort& port) {
    return decode_each(netlink::AttributeReader{nest}, [&](const netlink::Attribute& attribute) {
        switch (attribute.type) {
            case IFLA_BOND_SLAVE_STATE:
                return attribute.read(port.state);
            case IFLA_BOND_SLAVE_MII_STATUS:
                return attribute.read(port.mii_status);
            case IFLA_BOND_SLAVE_PERM_HWADDR:
                return port.perm_hwaddr.assign(attribute.payload);
            case IFLA_BOND_SLAVE_QUEUE_ID:
                return attribute.read(port.queue_id);
            case IFLA_BOND_SLAVE_PRIO:
                return attribute.read(port.prio);
            case IFLA_BOND_SLAVE_AD_AGGREGATOR_ID:
                return attribute.read(port.ad_aggregator_id);
            case IFLA_BOND_SLAVE_AD_ACTOR_OPER_PORT_STATE:
                return attribute.read(port.ad_actor_oper_port_state);
            case IFLA_BOND_SLAVE_AD_PARTNER_OPER_PORT_STATE:
                return attribute.read(port.ad_partner_oper_port_state);
            default:
                return true;
        }
    });
}

}  // namespace nlwatch::rtnl
