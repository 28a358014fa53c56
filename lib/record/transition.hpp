// Transitions: the edges in a change that people wait for, by name.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

#include "state/row.hpp"

namespace nlwatch::record {

// A set of transitions; each is one bit, in the order in which they are written.
using Transitions = std::uint16_t;

namespace transition {
inline constexpr Transitions admin_up = 1 << 0, admin_down = 1 << 1, carrier_up = 1 << 2,
                             carrier_down = 1 << 3, state_up = 1 << 4, state_down = 1 << 5, renamed = 1 << 6,
                             master_changed = 1 << 7, usable = 1 << 8, unusable = 1 << 9, tentative = 1 << 10,
                             dad_failed = 1 << 11, deprecated = 1 << 12;
}  // namespace transition
inline constexpr int transition_count = 13;

std::string_view transition_name(int bit);                           // bit: 0 … transition_count - 1
std::optional<Transitions> transition_named(std::string_view name);  // null if there is no such transition

// What a change tells on any op: a link that appears up says state_up, a usable address removed says
// unusable.
Transitions transitions_of(const state::Change&);

}  // namespace nlwatch::record
