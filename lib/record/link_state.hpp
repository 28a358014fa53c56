// Whether a link can be used, in one word: nlwatch's own reading of flags and operstate.
#pragma once
#include <string_view>

#include "rtnl/link.hpp"

namespace nlwatch::record {

// "" if it is up; else why it is down, first match of: admin_down, lower_layer_down, not_present, dormant,
// testing, no_carrier, unknown. Up is operstate UP, or UNKNOWN (drivers without carrier detection, lo) with
// LOWER_UP.
std::string_view why_down(const rtnl::Link&);
inline bool is_up(const rtnl::Link& link) { return why_down(link).empty(); }

}  // namespace nlwatch::record
