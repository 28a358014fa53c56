// Names of any bytes, made harmless for terminals, logs and labels.
#pragma once
#include <string>
#include <string_view>

namespace nlwatch::record {

// Appends `text` with control bytes (C0, DEL, and C1 as U+0080…U+009F), bytes that are not UTF-8, and the
// backslash as \xNN.
void append_safe(std::string& out, std::string_view text);
std::string safe(std::string_view text);
// The beginning only, with "…" behind it if there is more: for words of strangers in messages.
std::string safe_excerpt(std::string_view text);

}  // namespace nlwatch::record
