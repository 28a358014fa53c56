// A link (network interface): struct ifinfomsg and IFLA_* of <linux/if_link.h>.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "rtnl/hardware_address.hpp"
#include "rtnl/link_info.hpp"
#include "rtnl/name.hpp"

namespace nlwatch::rtnl {

// State only, so == means "nothing changed": no statistics, counters, timers. std::optional where the kernel,
// an older one above all, may send nothing.
struct Link {
    std::uint32_t ifindex{};
    Name ifname;
    std::uint32_t flags{};     // IFF_* of <linux/if.h>, as sent
    std::uint16_t type{};      // ARPHRD_* of <linux/if_arp.h>
    std::uint8_t operstate{};  // IF_OPER_*, the states of RFC 2863
    std::uint8_t linkmode{};   // IF_LINK_MODE_*
    std::uint32_t mtu{};       // bytes
    std::optional<std::uint32_t> min_mtu, max_mtu;
    std::string qdisc;  // name of the root queueing discipline
    std::uint32_t group{};
    std::uint32_t txqlen{};  // packets
    HardwareAddress address, broadcast;
    HardwareAddress permanent_address;  // IFLA_PERM_ADDRESS: the hardware's own; empty = none
    std::string alias;                  // IFLA_IFALIAS, up to 255 bytes, any but NUL; empty = none
    std::vector<std::string> altnames;  // in the kernel's order
    std::optional<std::uint32_t> link;  // IFLA_LINK: ifindex of the link below or of the veth peer; of the
                                        // namespace link_netnsid where that is set. 0 = said to have none
    std::optional<std::int32_t> link_netnsid;  // IFLA_LINK_NETNSID: nsid here; negative = not known here
    std::uint32_t master{};                    // ifindex of the bridge, bond or VRF; 0 = none
    std::optional<std::uint32_t> num_tx_queues, num_rx_queues;
    std::optional<std::uint32_t> gso_max_size, gso_max_segs;  // bytes, segments
    std::optional<std::uint32_t> tso_max_size, tso_max_segs;
    std::optional<std::uint32_t> gro_max_size;
    bool proto_down{};
    std::uint32_t proto_down_reason{};  // bits, IFLA_PROTO_DOWN_REASON_VALUE
    std::string phys_port_name;
    HardwareAddress phys_port_id, phys_switch_id;  // opaque bytes, MAX_PHYS_ITEM_ID_LEN = 32
    std::string parent_bus, parent_device;         // IFLA_PARENT_DEV_BUS_NAME, IFLA_PARENT_DEV_NAME
    LinkInfo info;                                 // IFLA_LINKINFO: kind and what is particular to it

    bool carrier() const;  // IFF_LOWER_UP. IFLA_CARRIER is 1 on an admin-down lo or bridge, so it is not used
    bool operator==(const Link&) const = default;
};

// What a link's message says beside its state.
struct LinkNotes {
    std::uint32_t carrier_ups{}, carrier_downs{};  // IFLA_CARRIER_UP_COUNT, …DOWN_COUNT
    bool wireless{};     // IFLA_WIRELESS: an event of the wireless extensions; carries little else
    bool moved_netns{};  // IFLA_NEW_NETNSID or IFLA_NEW_IFINDEX: a DELLINK of a link that lives on elsewhere
};

// The payload of RTM_NEWLINK or RTM_DELLINK. False, and the targets half-filled, if it is malformed or
// without an ifindex.
bool decode(netlink::Bytes payload, Link&, LinkNotes&);

// The links of this namespace that `link` speaks of by index: below it, above it, and in its kind's data.
// Their names belong into its record. Ascending, each once, without itself.
std::vector<std::uint32_t> mentioned_links(const Link& link);

}  // namespace nlwatch::rtnl
