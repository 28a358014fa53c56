// The fields of a VLAN's data, as `ip -j -d link` has them.
#pragma once
#include "record/values.hpp"
#include "rtnl/kinds/vlan.hpp"

namespace nlwatch::record {

template <class Visitor, class Data>
requires std::is_same_v<std::remove_const_t<Data>, rtnl::VlanPriority>
void visit_fields(Visitor& field, Data& priority) {
    field("from", priority.from);
    field("to", priority.to);
}

template <class Visitor, class Data>
requires std::is_same_v<std::remove_const_t<Data>, rtnl::Vlan>
void visit_fields(Visitor& field, Data& vlan) {
    field("protocol", Word{vlan.protocol, words::ethertype});
    field("id", vlan.id);
    field("flags", WordSet{vlan.flags, words::vlan_flags});
    field("ingress_qos", vlan.ingress_qos);
    field("egress_qos", vlan.egress_qos);
}

}  // namespace nlwatch::record
