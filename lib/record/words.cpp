#include "record/words.hpp"

#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/if_arp.h>
#include <linux/if_bonding.h>
#include <linux/if_bridge.h>
#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <linux/if_tun.h>
#include <linux/if_vlan.h>
#include <linux/rtnetlink.h>

#include <algorithm>

namespace nlwatch::record {

std::optional<std::string_view> word_of(Words words, std::uint32_t number) {
    const auto found =
        std::find_if(words.begin(), words.end(), [&](const WordEntry& it) { return it.number == number; });
    return found == words.end() ? std::nullopt : std::optional{found->word};
}

std::optional<std::uint32_t> number_of(Words words, std::string_view word) {
    const auto found =
        std::find_if(words.begin(), words.end(), [&](const WordEntry& it) { return it.word == word; });
    return found == words.end() ? std::nullopt : std::optional{found->number};
}

namespace words {

namespace {

constexpr WordEntry link_flags_[] = {
    {IFF_LOOPBACK, "LOOPBACK"},   {IFF_BROADCAST, "BROADCAST"},   {IFF_POINTOPOINT, "POINTOPOINT"},
    {IFF_MULTICAST, "MULTICAST"}, {IFF_NOARP, "NOARP"},           {IFF_ALLMULTI, "ALLMULTI"},
    {IFF_PROMISC, "PROMISC"},     {IFF_MASTER, "MASTER"},         {IFF_SLAVE, "SLAVE"},
    {IFF_DEBUG, "DEBUG"},         {IFF_DYNAMIC, "DYNAMIC"},       {IFF_AUTOMEDIA, "AUTOMEDIA"},
    {IFF_PORTSEL, "PORTSEL"},     {IFF_NOTRAILERS, "NOTRAILERS"}, {IFF_UP, "UP"},
    {IFF_LOWER_UP, "LOWER_UP"},   {IFF_DORMANT, "DORMANT"},       {IFF_ECHO, "ECHO"}};

constexpr WordEntry vlan_flags_[] = {{VLAN_FLAG_REORDER_HDR, "REORDER_HDR"},
                                     {VLAN_FLAG_GVRP, "GVRP"},
                                     {VLAN_FLAG_MVRP, "MVRP"},
                                     {VLAN_FLAG_LOOSE_BINDING, "LOOSE_BINDING"},
                                     {VLAN_FLAG_BRIDGE_BINDING, "BRIDGE_BINDING"}};

constexpr WordEntry macvlan_flags_[] = {{MACVLAN_FLAG_NOPROMISC, "nopromisc"}, {MACVLAN_FLAG_NODST, "nodst"}};

constexpr WordEntry operstate_[] = {{IF_OPER_UNKNOWN, "UNKNOWN"},
                                    {IF_OPER_NOTPRESENT, "NOTPRESENT"},
                                    {IF_OPER_DOWN, "DOWN"},
                                    {IF_OPER_LOWERLAYERDOWN, "LOWERLAYERDOWN"},
                                    {IF_OPER_TESTING, "TESTING"},
                                    {IF_OPER_DORMANT, "DORMANT"},
                                    {IF_OPER_UP, "UP"}};

constexpr WordEntry linkmode_[] = {{IF_LINK_MODE_DEFAULT, "DEFAULT"}, {IF_LINK_MODE_DORMANT, "DORMANT"}};

// iproute2's list: types that it has no word for, ARPHRD_RAWIP among them, have none here.
constexpr WordEntry link_type_[] = {{ARPHRD_ETHER, "ether"},
                                    {ARPHRD_LOOPBACK, "loopback"},
                                    {ARPHRD_NONE, "none"},
                                    {ARPHRD_VOID, "void"},
                                    {ARPHRD_NETROM, "generic"},
                                    {ARPHRD_EETHER, "eether"},
                                    {ARPHRD_AX25, "ax25"},
                                    {ARPHRD_PRONET, "pronet"},
                                    {ARPHRD_CHAOS, "chaos"},
                                    {ARPHRD_IEEE802, "ieee802"},
                                    {ARPHRD_ARCNET, "arcnet"},
                                    {ARPHRD_APPLETLK, "atalk"},
                                    {ARPHRD_DLCI, "dlci"},
                                    {ARPHRD_ATM, "atm"},
                                    {ARPHRD_METRICOM, "metricom"},
                                    {ARPHRD_IEEE1394, "ieee1394"},
                                    {ARPHRD_INFINIBAND, "infiniband"},
                                    {ARPHRD_SLIP, "slip"},
                                    {ARPHRD_CSLIP, "cslip"},
                                    {ARPHRD_SLIP6, "slip6"},
                                    {ARPHRD_CSLIP6, "cslip6"},
                                    {ARPHRD_RSRVD, "rsrvd"},
                                    {ARPHRD_ADAPT, "adapt"},
                                    {ARPHRD_ROSE, "rose"},
                                    {ARPHRD_X25, "x25"},
                                    {ARPHRD_HWX25, "hwx25"},
                                    {ARPHRD_CAN, "can"},
                                    {ARPHRD_PPP, "ppp"},
                                    {ARPHRD_HDLC, "hdlc"},
                                    {ARPHRD_LAPB, "lapb"},
                                    {ARPHRD_DDCMP, "ddcmp"},
                                    {ARPHRD_RAWHDLC, "rawhdlc"},
                                    {ARPHRD_TUNNEL, "ipip"},
                                    {ARPHRD_TUNNEL6, "tunnel6"},
                                    {ARPHRD_FRAD, "frad"},
                                    {ARPHRD_SKIP, "skip"},
                                    {ARPHRD_LOCALTLK, "ltalk"},
                                    {ARPHRD_FDDI, "fddi"},
                                    {ARPHRD_BIF, "bif"},
                                    {ARPHRD_SIT, "sit"},
                                    {ARPHRD_IPDDP, "ip/ddp"},
                                    {ARPHRD_IPGRE, "gre"},
                                    {ARPHRD_PIMREG, "pimreg"},
                                    {ARPHRD_HIPPI, "hippi"},
                                    {ARPHRD_ASH, "ash"},
                                    {ARPHRD_ECONET, "econet"},
                                    {ARPHRD_IRDA, "irda"},
                                    {ARPHRD_FCPP, "fcpp"},
                                    {ARPHRD_FCAL, "fcal"},
                                    {ARPHRD_FCPL, "fcpl"},
                                    {ARPHRD_FCFABRIC, "fcfb0"},
                                    {ARPHRD_IEEE802_TR, "tr"},
                                    {ARPHRD_IEEE80211, "ieee802.11"},
                                    {ARPHRD_IEEE80211_PRISM, "ieee802.11/prism"},
                                    {ARPHRD_IEEE80211_RADIOTAP, "ieee802.11/radiotap"},
                                    {ARPHRD_IEEE802154, "ieee802.15.4"},
                                    {ARPHRD_IEEE802154_MONITOR, "ieee802.15.4/monitor"},
                                    {ARPHRD_PHONET, "phonet"},
                                    {ARPHRD_PHONET_PIPE, "phonet_pipe"},
                                    {ARPHRD_CAIF, "caif"},
                                    {ARPHRD_IP6GRE, "gre6"},
                                    {ARPHRD_NETLINK, "netlink"},
                                    {ARPHRD_6LOWPAN, "6lowpan"}};

constexpr WordEntry group_[] = {{0, "default"}};
constexpr WordEntry family_[] = {{AF_INET, "inet"}, {AF_INET6, "inet6"}};
constexpr WordEntry scope_[] = {{RT_SCOPE_UNIVERSE, "global"},
                                {RT_SCOPE_SITE, "site"},
                                {RT_SCOPE_LINK, "link"},
                                {RT_SCOPE_HOST, "host"},
                                {RT_SCOPE_NOWHERE, "nowhere"}};
constexpr WordEntry address_protocol_[] = {
    {IFAPROT_KERNEL_LO, "kernel_lo"}, {IFAPROT_KERNEL_RA, "kernel_ra"}, {IFAPROT_KERNEL_LL, "kernel_ll"}};
constexpr WordEntry ethertype_[] = {{ETH_P_8021Q, "802.1Q"}, {ETH_P_8021AD, "802.1ad"}};
constexpr WordEntry port_state_[] = {{BR_STATE_DISABLED, "disabled"},
                                     {BR_STATE_LISTENING, "listening"},
                                     {BR_STATE_LEARNING, "learning"},
                                     {BR_STATE_FORWARDING, "forwarding"},
                                     {BR_STATE_BLOCKING, "blocking"}};
constexpr WordEntry vxlan_df_[] = {
    {VXLAN_DF_UNSET, "unset"}, {VXLAN_DF_SET, "set"}, {VXLAN_DF_INHERIT, "inherit"}};
constexpr WordEntry macvlan_mode_[] = {{MACVLAN_MODE_PRIVATE, "private"},
                                       {MACVLAN_MODE_VEPA, "vepa"},
                                       {MACVLAN_MODE_BRIDGE, "bridge"},
                                       {MACVLAN_MODE_PASSTHRU, "passthru"},
                                       {MACVLAN_MODE_SOURCE, "source"}};
constexpr WordEntry tun_type_[] = {{IFF_TUN, "tun"}, {IFF_TAP, "tap"}};

constexpr WordEntry bond_mode_[] = {
    {BOND_MODE_ROUNDROBIN, "balance-rr"}, {BOND_MODE_ACTIVEBACKUP, "active-backup"},
    {BOND_MODE_XOR, "balance-xor"},       {BOND_MODE_BROADCAST, "broadcast"},
    {BOND_MODE_8023AD, "802.3ad"},        {BOND_MODE_TLB, "balance-tlb"},
    {BOND_MODE_ALB, "balance-alb"}};
// "none" is said by leaving the member out, where iproute2 says null.
constexpr WordEntry bond_arp_validate_[] = {{1, "active"}, {2, "backup"},        {3, "all"},
                                            {4, "filter"}, {5, "filter_active"}, {6, "filter_backup"}};
constexpr WordEntry bond_arp_all_targets_[] = {{0, "any"}, {1, "all"}};
constexpr WordEntry bond_primary_reselect_[] = {{0, "always"}, {1, "better"}, {2, "failure"}};
constexpr WordEntry bond_fail_over_mac_[] = {{0, "none"}, {1, "active"}, {2, "follow"}};
constexpr WordEntry bond_xmit_hash_policy_[] = {
    {BOND_XMIT_POLICY_LAYER2, "layer2"},    {BOND_XMIT_POLICY_LAYER34, "layer3+4"},
    {BOND_XMIT_POLICY_LAYER23, "layer2+3"}, {BOND_XMIT_POLICY_ENCAP23, "encap2+3"},
    {BOND_XMIT_POLICY_ENCAP34, "encap3+4"}, {BOND_XMIT_POLICY_VLAN_SRCMAC, "vlan+srcmac"}};
constexpr WordEntry bond_lacp_rate_[] = {{0, "slow"}, {1, "fast"}};
constexpr WordEntry bond_ad_select_[] = {{0, "stable"}, {1, "bandwidth"}, {2, "count"}};
constexpr WordEntry bond_port_state_[] = {{BOND_STATE_ACTIVE, "ACTIVE"}, {BOND_STATE_BACKUP, "BACKUP"}};
constexpr WordEntry bond_mii_status_[] = {{BOND_LINK_UP, "UP"},
                                          {BOND_LINK_FAIL, "GOING_DOWN"},
                                          {BOND_LINK_DOWN, "DOWN"},
                                          {BOND_LINK_BACK, "GOING_BACK"}};
constexpr WordEntry off_on_[] = {{0, "off"}, {1, "on"}};

}  // namespace

const Words link_flags{link_flags_}, vlan_flags{vlan_flags_}, macvlan_flags{macvlan_flags_},
    operstate{operstate_}, linkmode{linkmode_}, link_type{link_type_}, group{group_}, family{family_},
    scope{scope_}, address_protocol{address_protocol_}, ethertype{ethertype_}, port_state{port_state_},
    vxlan_df{vxlan_df_}, macvlan_mode{macvlan_mode_}, tun_type{tun_type_}, bond_mode{bond_mode_},
    bond_arp_validate{bond_arp_validate_}, bond_arp_all_targets{bond_arp_all_targets_},
    bond_primary_reselect{bond_primary_reselect_}, bond_fail_over_mac{bond_fail_over_mac_},
    bond_xmit_hash_policy{bond_xmit_hash_policy_}, bond_lacp_rate{bond_lacp_rate_},
    bond_ad_select{bond_ad_select_}, bond_port_state{bond_port_state_}, bond_mii_status{bond_mii_status_},
    off_on{off_on_};

}  // namespace words

}  // namespace nlwatch::record
