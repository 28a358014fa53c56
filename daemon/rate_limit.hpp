// Holds back what would be said again and again.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace nlwatch {

// Lets the first few of a time span through, then counts. Pure: time is given.
class RateLimit {
public:
    using Time = std::chrono::steady_clock::time_point;

    RateLimit(std::uint64_t burst, std::chrono::seconds span) : burst_(burst), span_(span) {}

    // Whether to say it; then, how many were held back since the last one that was said. Null: hold it back.
    std::optional<std::uint64_t> pass(Time now) {
        if (!begun_ || now - *begun_ >= span_) {
            begun_ = now;
            said_ = 0;
        }
        if (said_ == burst_) {
            ++held_back_;
            return std::nullopt;
        }
        ++said_;
        return std::exchange(held_back_, 0);
    }

private:
    std::uint64_t burst_;
    std::chrono::seconds span_;
    std::optional<Time> begun_;
    std::uint64_t said_ = 0, held_back_ = 0;
};

// What to add to a line that is let through.
inline std::string held_back_text(std::uint64_t held_back) {
    return held_back == 0 ? "" : " (" + std::to_string(held_back) + " more like this were not logged)";
}

}  // namespace nlwatch
