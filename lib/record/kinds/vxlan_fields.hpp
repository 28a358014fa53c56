// The fields of a VXLAN's data, as `ip -j -d link` has them.
#pragma once
#include "record/values.hpp"
#include "rtnl/kinds/vxlan.hpp"

namespace nlwatch::record {

// One of four names by what the address is; the reader finds it under each.
template <class Visitor, class Address>
void visit_endpoint(Visitor& field, Address& address, const char* ipv4, const char* ipv6,
                    const char* ipv4_group, const char* ipv6_group) {
    const bool is_ipv6 = address.family == AF_INET6;
    const bool multicast = is_ipv6 ? address.bytes[0] == 0xff : (address.bytes[0] & 0xf0) == 0xe0;
    field.one_of({ipv4, ipv6, ipv4_group, ipv6_group}, (is_ipv6 ? 1 : 0) + (multicast && ipv4_group ? 2 : 0),
                 address);
}

template <class Visitor, class Data>
requires std::is_same_v<std::remove_const_t<Data>, rtnl::Vxlan>
void visit_fields(Visitor& field, Data& vxlan) {
    field("external", IfSet{vxlan.collect_metadata});
    field("vnifilter", IfSet{vxlan.vnifilter});
    field("id", vxlan.id);
    visit_endpoint(field, vxlan.group, "remote", "remote6", "group", "group6");
    visit_endpoint(field, vxlan.local, "local", "local6", nullptr, nullptr);
    field("link", LinkName{vxlan.link});
    field.object("port_range", [&](auto& range) {
        range("low", vxlan.port_low);
        range("high", vxlan.port_high);
    });
    field("port", vxlan.port);
    field("learning", vxlan.learning);
    field("proxy", IfSet{vxlan.proxy});
    field("rsc", IfSet{vxlan.rsc});
    field("l2miss", IfSet{vxlan.l2miss});
    field("l3miss", IfSet{vxlan.l3miss});
    field("tos", IfSet{HexNumber{vxlan.tos}});
    field("ttl", vxlan.ttl);
    field("ttl_inherit", IfSet{vxlan.ttl_inherit});
    field("df", Word{vxlan.df, words::vxlan_df});
    field("label", IfSet{HexNumber{vxlan.label}});
    field("ageing", vxlan.ageing);
    field("limit", IfSet{vxlan.limit});
    field("udp_csum", vxlan.udp_csum);
    field("udp_zero_csum6_tx", vxlan.udp_zero_csum6_tx);
    field("udp_zero_csum6_rx", vxlan.udp_zero_csum6_rx);
    field("remcsum_tx", IfSet{vxlan.remcsum_tx});
    field("remcsum_rx", IfSet{vxlan.remcsum_rx});
    field("gbp", IfSet{vxlan.gbp});
    field("gpe", IfSet{vxlan.gpe});
}

}  // namespace nlwatch::record
