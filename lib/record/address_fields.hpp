// The fields of an address's object: the one list that writing, comparing and reading share.
#pragma once
#include <linux/if_addr.h>

#include "record/values.hpp"
#include "rtnl/address.hpp"
#include "state/row.hpp"

namespace nlwatch::record {

// Words are those of `ip -j -d addr`; flags are truth values, there only when true. `row` is that of the
// address.
template <class Visitor, class Row, class Address>
requires std::is_same_v<std::remove_const_t<Address>, rtnl::Address>
void visit_fields(Visitor& field, Row& row, Address& address) {
    field("ifindex", address.ifindex);
    field("ifname", row.ifname);
    field("link_kind", row.link_kind);
    field("family", Word{address.family, words::family});
    field("local", address.local);
    field.when(address.peer != address.local, "address", address.peer);
    field("prefixlen", address.prefixlen);
    field("metric", address.metric);
    field("broadcast", address.broadcast);
    field("scope", Word{address.scope, words::scope});
    const auto flag = [&](const char* name, std::uint32_t bit) { field.bit(name, address.flags, bit); };
    flag(address.family == AF_INET6 ? "temporary" : "secondary", IFA_F_SECONDARY);
    flag("nodad", IFA_F_NODAD);
    flag("optimistic", IFA_F_OPTIMISTIC);
    flag("dadfailed", IFA_F_DADFAILED);
    flag("home", IFA_F_HOMEADDRESS);
    flag("deprecated", IFA_F_DEPRECATED);
    flag("tentative", IFA_F_TENTATIVE);
    field.bit_unless("dynamic", address.flags, IFA_F_PERMANENT);
    flag("mngtmpaddr", IFA_F_MANAGETEMPADDR);
    flag("noprefixroute", IFA_F_NOPREFIXROUTE);
    flag("autojoin", IFA_F_MCAUTOJOIN);
    flag("stable-privacy", IFA_F_STABLE_PRIVACY);
    field("protocol", Word{address.protocol, words::address_protocol});
    field("label", address.label);
    field.derived("usable", address.usable());
}

}  // namespace nlwatch::record
