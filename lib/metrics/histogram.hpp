// A histogram of durations in plain integers: counted where the thing happens, copied whole for a scrape.
#pragma once
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>

namespace nlwatch::metrics {

// The buckets' upper bounds, ascending and inclusive; above the last everything else is counted.
using Bounds = std::span<const std::chrono::nanoseconds>;

// Not thread-safe; some dozen nanoseconds an observation.
class Histogram {
public:
    static constexpr std::size_t most_bounds = 12;

    // `bounds`: of buckets.hpp; they must outlive the histogram and its copies.
    template <std::size_t count>
    constexpr explicit Histogram(const std::array<std::chrono::nanoseconds, count>& bounds)
        : bounds_(bounds) {
        static_assert(count <= most_bounds);
    }

    constexpr void observe(std::chrono::nanoseconds duration) {
        std::size_t bucket = 0;
        while (bucket < bounds_.size() && duration > bounds_[bucket]) ++bucket;
        ++counts_[bucket];
        sum_ += duration;
    }

    Bounds bounds() const { return bounds_; }
    // Each bucket's own, not cumulative; the last, at bounds().size(), is of all above.
    std::uint64_t count(std::size_t bucket) const { return counts_[bucket]; }
    std::chrono::nanoseconds sum() const { return sum_; }

private:
    Bounds bounds_;
    std::array<std::uint64_t, most_bounds + 1> counts_{};
    std::chrono::nanoseconds sum_{};
};

}  // namespace nlwatch::metrics
