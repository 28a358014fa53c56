// How long to leave a receiver alone that fails: exponential back-off with full jitter.
#pragma once
#include <chrono>
#include <cstdint>

#include "state/row.hpp"

namespace nlwatch::sink {

// The pause is anything between nothing and a ceiling that doubles with each failure: senders whom one outage
// brought into step do not come back in step (M. Brooker, "Exponential Backoff And Jitter", 2015).
class BackOff {
public:
    struct Limits {
        std::chrono::milliseconds first{1'000};  // the ceiling behind the first failure
        std::chrono::milliseconds most{60'000};  // and of all
    };

    explicit BackOff(const Limits& limits) : limits_(limits) {}

    // One more failure in a row. Returns the pause behind it; `random` is uniform in [0, 1).
    state::Time::duration failed(double random);
    void reset() { failures_ = 0; }
    std::uint64_t failures() const { return failures_; }  // in a row

private:
    Limits limits_;
    std::uint64_t failures_ = 0;
};

}  // namespace nlwatch::sink
