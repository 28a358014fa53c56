// UTF-8, for texts that need not be: the kernel takes any bytes in names.
#pragma once
#include <cstddef>
#include <string_view>

namespace nlwatch::record {

// Bytes of the character that `text` (not empty) begins with; 0 if it begins with none. By RFC 3629: no
// surrogates, nothing overlong, nothing above U+10FFFF.
std::size_t utf8_character(std::string_view text);

bool is_utf8(std::string_view text);

}  // namespace nlwatch::record
