// When to ask a receiver again that failed: back-off, and the network's return that cuts it short.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>

#include "sink/back_off.hpp"
#include "state/row.hpp"

namespace nlwatch::sink {

// Knows time; no receiver, no attempt but by what it is told. Pure. `random` is uniform in [0, 1).
class Retry {
public:
    struct Limits {
        BackOff::Limits back_off;
        std::chrono::milliseconds wake_up_every{30'000};  // at most one for the network's return in this time
        std::chrono::milliseconds wake_up_within{1'000};  // receivers that wake together do not ask together
    };
    explicit Retry(const Limits& limits) : limits_(limits), back_off_(limits.back_off) {}

    // Attempts begin: that the network returned before them is no reason to repeat one.
    void begin() { returned_ = false; }

    enum class Blame : std::uint8_t { network, receiver };  // it was there, and said no: its network is well
    // Sets at(): not before `not_before`, whatever the network does.
    void failed(Blame, state::Time now, double random, state::Time not_before = state::Time::min());

    // See network_return.hpp. True: the retry that is waited for comes earlier now. An attempt that is under
    // way and fails for the network's sake is repeated soon, too: it may have begun before the return.
    bool network_returned(state::Time now, double random);

    // The receiver is well, or another one: nothing is held against it.
    void reset();

    // The earliest moment of the next attempt, set by the last failure; null while there is none.
    std::optional<state::Time> at() const { return at_; }

private:
    bool may_wake(state::Time now) const;
    state::Time soon(state::Time now, double random) const;

    Limits limits_;
    BackOff back_off_;
    std::optional<state::Time> at_;
    state::Time not_before_ = state::Time::min();
    std::optional<state::Time> woke_up_;  // when the network's return last had its effect
    bool returned_ = false;               // … it returned while an attempt was under way
};

}  // namespace nlwatch::sink
