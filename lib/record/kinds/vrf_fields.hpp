// The fields of a VRF's and a VRF port's data, as `ip -j -d link` has them.
#pragma once
#include "record/values.hpp"
#include "rtnl/kinds/vrf.hpp"

namespace nlwatch::record {

template <class Visitor, class Data>
requires(std::is_same_v<std::remove_const_t<Data>, rtnl::Vrf> ||
         std::is_same_v<std::remove_const_t<Data>, rtnl::VrfPort>) void visit_fields(Visitor& field,
                                                                                     Data& vrf) {
    field("table", vrf.table);
}

}  // namespace nlwatch::record
