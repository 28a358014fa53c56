// What was probably meant by a value that is not what it must be.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace nlwatch::config {

// "8 MB" -> "8 MiB", "10 sec" -> "10 s". Null if it is anybody's guess.
std::optional<std::string> meant_size(std::string_view);
std::optional<std::string> meant_duration(std::string_view);
std::optional<std::string> meant_mode(std::string_view);  // "660" -> "0660"

}  // namespace nlwatch::config
