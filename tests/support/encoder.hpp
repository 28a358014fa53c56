// Writes rtnetlink messages as the kernel would: for what the machine that captures fixtures cannot make
// (VLAN, bond, VRF, wireless events), for tests that want one value changed, and for those that try any
// value.
//
// These messages are ours, after the kernel's rtnl_fill_ifinfo(), bond_fill_info(), … as read in its sources:
// they prove that decoder and encoder agree on <linux/if_link.h>, not what a kernel sends.
#pragma once
#include <initializer_list>
#include <vector>

#include "netlink/request.hpp"
#include "rtnl/address.hpp"
#include "rtnl/link.hpp"

namespace nlwatch::test {

// RTM_NEWLINK or RTM_DELLINK with all that `link` holds, the data of its kind included, and `notes`. Further
// attributes may be added.
netlink::Request link_message(std::uint16_t type, const rtnl::Link&, const rtnl::LinkNotes& notes = {});

// RTM_NEWADDR or RTM_DELADDR. IPv6 gets an IFA_LOCAL only where the peer differs, as the kernel does it.
netlink::Request address_message(std::uint16_t type, const rtnl::Address&);

// Several messages as one datagram, each padded.
std::vector<std::byte> datagram(std::initializer_list<netlink::Request> messages);

}  // namespace nlwatch::test
