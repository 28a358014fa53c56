// The delivery of batches to one receiver over HTTP: what an attempt's answer means, and what comes next.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>

#include "sink/counters.hpp"
#include "sink/retry.hpp"
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
        Retry::Limits retry;
    };

    explicit Delivery(const Limits& limits) : limits_(limits), retry_(limits.retry) {}

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

    // As Retry has it.
    bool network_returned(state::Time now, double random) { return retry_.network_returned(now, random); }
    std::optional<state::Time> retry_at() const { return retry_.at(); }

    // The receiver is another one now, or is to be asked again though it has stopped us (a reload): nothing
    // is held against it.
    void start_again();
    void set_max_age(std::chrono::milliseconds max_age) { limits_.max_age = max_age; }

    bool stopped() const { return stopped_; }

private:
    void failed(const Answer&, state::Time now, double random);

    Limits limits_;
    Retry retry_;
    state::Time oldest_{};
    bool stopped_ = false;
};

}  // namespace nlwatch::sink
