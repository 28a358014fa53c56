// Values as people write them in the configuration: sizes, durations, file modes.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "record/nearest.hpp"

namespace nlwatch::config {

// "8 MiB", "64 KiB", "1 GiB", "512 B": bytes. Null if it is not such a text, or does not fit.
std::optional<std::uint64_t> parse_size(std::string_view);

// "250 ms", "1 s", "15 min", "2 h". Null if it is not such a text, or does not fit.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view);

// "0660": permission bits as four octal digits, at most 0777.
std::optional<unsigned> parse_mode(std::string_view);

// "8 MiB", "15 min": in the largest unit that divides it evenly.
std::string size_text(std::uint64_t bytes);
std::string duration_text(std::chrono::milliseconds);

using record::edit_distance;
using record::nearest;  // of known keys to one that is not among them

}  // namespace nlwatch::config
