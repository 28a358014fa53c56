// Raw bytes as a record has them beside a name that is not UTF-8: two hexadecimal digits each.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace nlwatch::record {

std::optional<std::string> bytes_of_hex(std::string_view digits);  // null: that is not what they are

}  // namespace nlwatch::record
