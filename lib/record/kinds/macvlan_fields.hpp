// The fields of a macvlan's and macvtap's data, as `ip -j -d link` has them.
#pragma once
#include "record/values.hpp"
#include "rtnl/kinds/macvlan.hpp"

namespace nlwatch::record {

template <class Visitor, class Data>
requires std::is_same_v<std::remove_const_t<Data>, rtnl::Macvlan>
void visit_fields(Visitor& field, Data& macvlan) {
    field("mode", Word{macvlan.mode, words::macvlan_mode});
    field("flags", IfSet{WordSet{macvlan.flags, words::macvlan_flags}});
    field("bcqueuelen", macvlan.bc_queue_len);
    field("usedbcqueuelen", macvlan.bc_queue_len_used);
    field("macaddr_count", IfSet{macvlan.macaddr_count});
    field("macaddr_data", macvlan.macaddr_data);
}

}  // namespace nlwatch::record
