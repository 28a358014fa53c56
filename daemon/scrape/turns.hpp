// The reactor's loop, with its long turns on record.
#pragma once
#include <boost/asio/io_context.hpp>
#include <chrono>

#include "metrics/buckets.hpp"
#include "metrics/histogram.hpp"

namespace nlwatch::scrape {

// A turn is one handler, so all that runs until a coroutine suspends: whoever is ready meanwhile waits so
// long.
class Turns {
public:
    static constexpr std::chrono::milliseconds long_turn{1};

    // In place of io.run(): until it is stopped or has nothing left to do. Every turn longer than `long_turn`
    // is observed, whatever runs in it. A turn is measured by the wall clock; the one that ends a sleep by
    // the thread's CPU time, since nobody tells when the sleep ended: what blocks in that one is not seen.
    void run(boost::asio::io_context&);

    const metrics::Histogram& stalls() const { return stalls_; }

private:
    metrics::Histogram stalls_{metrics::buckets::reactor_stall};
};

}  // namespace nlwatch::scrape
