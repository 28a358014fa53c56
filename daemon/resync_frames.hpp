// The members of resync.begin and resync.end, in the words of the record.
#pragma once
#include <string>

#include "kernel/follower.hpp"

namespace nlwatch {

std::string_view cause_name(kernel::Cause);  // "overrun", "drops", …

// As Renderer::frame takes them: each member with a comma before it.
std::string resync_begin_fields(const kernel::Loss&);
std::string resync_end_fields(const kernel::Repair&);

}  // namespace nlwatch
