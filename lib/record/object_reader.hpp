// Reads an object's JSON back into a row, through the field lists that wrote it.
#pragma once
#include <string>
#include <string_view>
#include <variant>

#include "state/row.hpp"

namespace nlwatch::record {

// Why a text could not be read: where in it, and what is wrong there, in words.
struct ReadError {
    std::string what;
};

// The row of which write_object() made `json`: written again, it gives the same bytes. What JSON does not
// tell is made up: other links have the indices first_made_up_index, … by which `mentioned` has their names,
// and what no member shows (IFF_RUNNING of a link that is down) is unset. Members of unknown names are
// skipped. Never throws.
std::variant<state::Row, ReadError> read_object(rtnl::Kind, std::string_view json);

inline constexpr std::uint32_t first_made_up_index = 0x8000'0000;  // the kernel's are positive ints

}  // namespace nlwatch::record
