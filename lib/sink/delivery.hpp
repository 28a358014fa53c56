// The delivery of batches to one receiver over HTTP: what an attempt's answer means, and what comes next.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>

#include "sink/back_off.hpp"
#include "sink/counters.hpp"
#include "state/row.hpp"

namespace nlwatch::sink {

// How one attempt ended.
struct Answer {
    enum class Kind : std::uint8_t { status, timeout, network_error };
    Kind kind{};
    int status{};                                          // of HTTP (RFC 9110, 15), where it is one
    std::optional<std::chrono::milliseconds> retry_after;  // Retry-After (RFC 9110, 10.2.3), counted from now
};

// As metrics count it. Not now (408, 429, 5xx but 501) is server_error; what will never be taken is rejected.
Counters::Outcome outcome_of(const Answer&);

// Knows time and answers; no batch, no socket. Pure: it is asked next(), obeyed, told what came of it, and
// asked again. Its pauses belong to the receiver, not to a batch: one that fails is asked no more often
// because batches expire meanwhile, and its next batch waits for the same moment.
class Delivery {
public:
    struct Limits {
        std::chrono::milliseconds max_age = std::chrono::hours{24};          // of a batch's oldest event
        std::chrono::milliseconds most_retry_after = std::chrono::hours{1};  // a longer one is cut to this
        BackOff::Limits back_off;
        std::chrono::milliseconds wake_up_every{30'000};  // at most one for the network's return in this time
        std::chrono::milliseconds wake_up_within{1'000};  // receivers that wake together do not ask together
    };

    explicit Delivery(const Limits& limits) : limits_(limits), back_off_(limits.back_off) {}

    // The next batch; its oldest event was learnt at `oldest`. The one before is delivered or given up.
    void begin(state::Time oldest);

    enum class Do : std::uint8_t {
        attempt,  // then answered()
        wait,     // until `until`, or until network_returned() or start_again() moved something
        expired,  // the batch is given up unasked: it got too old while the receiver was left alone
        stopped,  // nothing, until start_again()
    };
    struct Step {
        Do what{};
        state::Time until{};
    };
    Step next(state::Time now) const;  // of the batch that began

    enum class Verdict : std::uint8_t {
        delivered,
        rejected,  // the receiver will never take the batch
        expired,   // tried for too long
        retry,     // the same batch again
        gone,      // 410: the receiver wants no more at all. The batch stays, for after start_again()
    };
    // `random` is uniform in [0, 1), here and below.
    Verdict answered(const Answer&, state::Time now, double random);

    // See network_return.hpp. True: the retry that is waited for comes earlier now. An attempt that is under
    // way and fails for the network's sake is repeated soon, too: it may have begun before the return.
    bool network_returned(state::Time now, double random);

    // The receiver is another one now, or is to be asked again though it has stopped us (a reload): nothing
    // is held against it.
    void start_again();
    void set_max_age(std::chrono::milliseconds max_age) { limits_.max_age = max_age; }

    bool stopped() const { return stopped_; }
    // The earliest moment of the next attempt, set by the last failure; null while the receiver is well.
    std::optional<state::Time> retry_at() const { return retry_at_; }

private:
    void failed(const Answer&, state::Time now, double random);
    bool may_wake(state::Time now) const;

    Limits limits_;
    BackOff back_off_;
    state::Time oldest_{};
    bool stopped_ = false;
    std::optional<state::Time> retry_at_;
    state::Time not_before_ = state::Time::min();  // the last Retry-After's end: no retry moves before it
    std::optional<state::Time> woke_up_;           // when the network's return last had its effect
    bool returned_ = false;                        // … it returned while an attempt was under way
};

}  // namespace nlwatch::sink
