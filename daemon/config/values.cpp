#include "config/values.hpp"

#include <algorithm>
#include <charconv>

namespace nlwatch::config {

namespace {

struct Unit {
    std::string_view name;
    std::uint64_t factor;
};

// A whole number and a unit, with or without spaces between them.
template <std::size_t N>
std::optional<std::uint64_t> parse(std::string_view text, const Unit (&units)[N]) {
    std::uint64_t number{};
    const char* const end = text.data() + text.size();
    const auto [behind, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc{}) return std::nullopt;
    std::string_view unit{behind, static_cast<std::size_t>(end - behind)};
    unit.remove_prefix(std::min(unit.find_first_not_of(' '), unit.size()));
    for (const Unit& known : units)
        if (unit == known.name && number <= static_cast<std::uint64_t>(INT64_MAX) / known.factor)
            return number * known.factor;
    return std::nullopt;
}

// In the largest unit that divides it evenly: at last in the first, whose factor is 1.
template <std::size_t N>
std::string text(std::uint64_t value, const Unit (&units)[N]) {
    const Unit& unit = *std::find_if(std::rbegin(units), std::rend(units),
                                     [value](const Unit& it) { return value % it.factor == 0; });
    return std::to_string(value / unit.factor) + " " + std::string{unit.name};
}

constexpr Unit sizes[] = {{"B", 1}, {"KiB", 1ull << 10}, {"MiB", 1ull << 20}, {"GiB", 1ull << 30}};
constexpr Unit durations[] = {{"ms", 1}, {"s", 1'000}, {"min", 60'000}, {"h", 3'600'000}};

}  // namespace

std::optional<std::uint64_t> parse_size(std::string_view text) { return parse(text, sizes); }

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
    const auto value = parse(text, durations);
    // Deadlines are computed in nanoseconds from it: a century is far enough.
    if (!value || *value > 100ull * 365 * 24 * 3'600'000) return std::nullopt;
    return std::chrono::milliseconds{*value};
}

std::optional<unsigned> parse_mode(std::string_view text) {
    unsigned mode{};
    const char* const end = text.data() + text.size();
    const auto [behind, error] = std::from_chars(text.data(), end, mode, 8);
    if (text.size() != 4 || error != std::errc{} || behind != end || mode > 0777) return std::nullopt;
    return mode;
}

std::string size_text(std::uint64_t bytes) { return text(bytes, sizes); }

std::string duration_text(std::chrono::milliseconds duration) {
    return text(static_cast<std::uint64_t>(duration.count()), durations);
}

}  // namespace nlwatch::config
