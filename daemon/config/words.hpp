// The words of the configuration that stand for something: patterns, transitions, hosts.
#pragma once
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/fields.hpp"

namespace nlwatch::config {

inline constexpr std::array<std::string_view, 3> sink_type_names{"log", "socket", "webhook"};
inline constexpr std::array<std::string_view, 4> sink_format_names{"text", "json", "cloudevents", "native"};
inline constexpr std::array<std::string_view, 2> on_start_names{"none", "snapshot"};
inline constexpr std::array<std::string_view, 2> after_gap_names{"snapshot", "continue"};
std::vector<std::string_view> transition_names();

// " (did you mean 'log'?)", or where none is near: "; there are: log".
template <class Words>
std::string meant_or_all(std::string_view word, const Words& known);

// What is wrong with a pattern of a list, in words; null if it may match something.
std::optional<std::string> wrong_pattern(std::string_view pattern, rule::Globs::Over over);

// What is wrong with a name for a Host header; null if nothing is.
std::optional<std::string> wrong_host(std::string_view host);

}  // namespace nlwatch::config
