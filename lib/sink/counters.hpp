// What became of the events that were meant for one sink, for metrics and status.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "metrics/buckets.hpp"
#include "metrics/histogram.hpp"
#include "record/renderer.hpp"
#include "state/row.hpp"

namespace nlwatch::sink {

// Plain integers, counted by the sink on the reactor's thread.
struct Counters {
    enum class Drop : std::uint8_t {
        gap,       // the backlog passed it by
        rejected,  // the receiver will never take it
        expired,   // tried for too long
    };
    enum class Outcome : std::uint8_t { success, rejected, server_error, timeout, network_error };
    static constexpr std::size_t drops = 3, outcomes = 5;

    std::uint64_t delivered{};                       // events
    std::array<std::uint64_t, drops> dropped{};      // events, by Drop
    std::array<std::uint64_t, outcomes> attempts{};  // deliveries of one or many events, by Outcome
    metrics::Histogram delivery{metrics::buckets::sink_delivery};  // of each attempt
};

// How it stands at this moment.
struct Standing {
    bool up = true;  // takes what it is given
    std::uint64_t
        lag{};  // records that are not delivered yet, those among them that the filter will hide, too
    std::optional<record::Position> position;  // behind the last line that is dealt with
    // When the oldest event that is not delivered yet was learnt; null: there is none.
    std::optional<state::Time> waiting;
    std::uint64_t left_out{};               // records, by its delays, since they were last changed
    std::string last_error;                 // in words; empty: there was none since the last success
    std::optional<state::Time> next_retry;  // null: nothing waits for one
};

}  // namespace nlwatch::sink
