// How much the daemon's own log says: "info", or "info,netlink=debug".
#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>

namespace nlwatch::config {

enum class LogLevel : std::uint8_t {
    debug,
    info,
    warning,
    error,
    off
};  // each says what those behind it say
inline constexpr std::array<std::string_view, 5> log_level_names{"debug", "info", "warning", "error", "off"};

// The parts of the daemon that have a level of their own.
inline constexpr std::array<std::string_view, 5> log_components{"netlink", "stream", "http", "config",
                                                                "sink"};

struct LogLevels {
    LogLevel overall = LogLevel::info;
    std::map<std::string, LogLevel, std::less<>> components;  // those of log_components that differ

    LogLevel of(std::string_view component) const;
    bool operator==(const LogLevels&) const = default;
};

// One overall level (not said: info) and any number of `component=level`, with commas between them. Else what
// is wrong, and the nearest right word.
std::variant<LogLevels, std::string> parse_log_levels(std::string_view);

}  // namespace nlwatch::config
