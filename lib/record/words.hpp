// The words that stand for numbers in records: iproute2's, in tables that serve writing and reading.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace nlwatch::record {

struct WordEntry {
    std::uint32_t number;
    std::string_view word;
};
using Words = std::span<const WordEntry>;

std::optional<std::string_view> word_of(Words, std::uint32_t number);  // null: there is no word for it
std::optional<std::uint32_t> number_of(Words, std::string_view word);

namespace words {
// Sets: each entry is one bit.
extern const Words link_flags;     // IFF_* but IFF_RUNNING, in iproute2's order
extern const Words vlan_flags;     // VLAN_FLAG_*
extern const Words macvlan_flags;  // MACVLAN_FLAG_*
// Numbers.
extern const Words operstate;         // IF_OPER_*
extern const Words linkmode;          // IF_LINK_MODE_*
extern const Words link_type;         // ARPHRD_*
extern const Words group;             // /etc/iproute2/group as it is shipped
extern const Words family;            // AF_INET, AF_INET6
extern const Words scope;             // RT_SCOPE_*
extern const Words address_protocol;  // IFAPROT_*
extern const Words ethertype;         // those that VLANs use
extern const Words port_state;        // BR_STATE_*
extern const Words vxlan_df;
extern const Words macvlan_mode;
extern const Words tun_type;
extern const Words bond_mode, bond_arp_validate, bond_arp_all_targets, bond_primary_reselect,
    bond_fail_over_mac, bond_xmit_hash_policy, bond_lacp_rate, bond_ad_select, bond_port_state,
    bond_mii_status, off_on;
}  // namespace words

}  // namespace nlwatch::record
