// How wide texts are, and how wide they may be.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace nlwatch::client {

// Columns that a terminal gives to `text`, which is UTF-8 and safe to print: wide characters take two,
// combining ones none.
std::size_t columns_of(std::string_view text);

// At most `columns` of it, with "…" as the last of them where something was cut off. Never within a
// character, nor within an escaped byte (\xNN) of a name.
std::string cut(std::string_view text, std::size_t columns);

// Of the terminal that `descriptor` is: COLUMNS, else what it says of itself, else 80. Null if it is none:
// nothing is cut in a pipe.
std::optional<std::size_t> terminal_columns(int descriptor);

}  // namespace nlwatch::client
