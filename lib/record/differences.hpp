// Which members of an object can differ from one row to the next, found without rendering either.
#pragma once
#include <bitset>

#include "state/row.hpp"

namespace nlwatch::record {

// Members by their place in the field list, a text and its "_hex" being one. More than any kind's list has.
inline constexpr std::size_t most_members = 64;
using MemberSet = std::bitset<most_members>;

// Two rows of one key. No member outside of the set differs; one in it may still read the same, for example
// where bits have changed that no word stands for: to be sure, compare what is written.
MemberSet may_differ(const state::Row& before, const state::Row& after);

}  // namespace nlwatch::record
