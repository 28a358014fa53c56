// Reads TOML, and says a syntax error in words for the one who wrote the file.
#pragma once
#include <toml++/toml.h>

#include <optional>
#include <string_view>

#include "config/diagnostics.hpp"

namespace nlwatch::config {

// Null: there is a syntax error, which is told. `text`: any bytes, without a byte order mark.
std::optional<toml::table> read_syntax(std::string_view text, Diagnostics&);

}  // namespace nlwatch::config
