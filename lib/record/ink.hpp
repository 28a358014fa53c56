// Colours on a terminal, by what they say.
#pragma once
#include <cstdint>
#include <string>

namespace nlwatch::record {

enum class Ink : std::uint8_t { plain, dim, good, bad, note };

// ANSI escapes around it; as it is where `coloured` is false.
std::string inked(const std::string& text, Ink, bool coloured);

}  // namespace nlwatch::record
