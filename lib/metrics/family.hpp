// What there is to say of a metric, all its series together.
#pragma once
#include <cstdint>
#include <span>
#include <string_view>

#include "metrics/histogram.hpp"

namespace nlwatch::metrics {

enum class Type : std::uint8_t { counter, gauge, histogram };
enum class Unit : std::uint8_t { none, seconds, bytes };

struct Label {
    std::string_view name;
    std::span<const std::string_view> values{};  // all that there are; empty: any
    constexpr bool fixed() const { return !values.empty(); }
};

struct Family {
    std::string_view name;
    Type type{};
    Unit unit{};
    std::string_view help;            // without a backslash, a newline or a full stop at its end
    std::span<const Label> labels{};  // in the order in which a series is given its values
    Bounds buckets{};                 // of a histogram

    // All series exist from the start, counters at 0; else a series comes and goes with what it is about.
    constexpr bool fixed() const {
        for (const Label& label : labels)
            if (!label.fixed()) return false;
        return true;
    }
};

}  // namespace nlwatch::metrics
