// Whether a change makes it likely that a receiver can be reached again.
#pragma once
#include "state/row.hpp"
#include "state/table.hpp"

namespace nlwatch::sink {

// An address that reaches further than its link becomes usable; or a link that holds one gains carrier. A
// veth without address that comes and goes is neither. `table` holds the change already.
bool network_returned(const state::Change&, const state::Table& table);

}  // namespace nlwatch::sink
