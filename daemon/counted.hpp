// "1 link", "2 links".
#pragma once
#include <spdlog/fmt/fmt.h>

#include <cstdint>
#include <string>

namespace nlwatch {

inline std::string counted(std::uint64_t count, const char* one, const char* many) {
    return fmt::format("{} {}", count, count == 1 ? one : many);
}

}  // namespace nlwatch
