// A scrape in two halves: all numbers are copied on the reactor's thread, and written on a worker.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "backlog/backlog.hpp"
#include "kernel/follower.hpp"
#include "scrape/observed.hpp"
#include "scrape/turns.hpp"
#include "sink/counters.hpp"

namespace nlwatch::scrape {

enum class Transport : std::uint8_t { stream, ndjson, sse };
struct Readers {
    std::size_t connected{};
    std::uint64_t gaps{};  // told to readers, of those that have left, too
};
using ReadersByTransport = std::array<Readers, 3>;

struct Reloads {
    std::uint64_t applied{}, refused{};
    bool last_successful = true;  // so, too, before the first
};

struct NamedSink {
    std::string name, type;  // as in the configuration
    sink::Counters counters;
    sink::Standing standing;
};

// Where the numbers stand. The functions are called on the reactor's thread, once for each scrape.
struct Sources {
    const kernel::Follower& follower;
    const backlog::Backlog& backlog;
    const Observed& observed;
    const Turns& turns;
    std::function<ReadersByTransport()> readers;
    std::function<Reloads()> reloads;
    std::function<std::vector<NamedSink>()> sinks;
};

// All numbers of one moment; refers to nothing that lives on.
struct Sample {
    record::Stamp taken;
    kernel::Follower::Counters follower;
    kernel::SyncMachine::Counters passes;
    bool resyncing{};
    std::size_t receive_buffer{}, requested_receive_buffer{};  // bytes
    std::array<std::size_t, rtnl::kinds> objects{};
    std::array<std::uint64_t, rtnl::kinds> unchanged{};
    backlog::Backlog::Counters backlog;
    std::size_t backlog_records{}, backlog_bytes{};
    std::vector<LinkSeries> links;  // in no order
    std::size_t links_left_out{};
    Observed::AddressTransitions address_transitions{};
    metrics::Histogram stalls{metrics::buckets::reactor_stall};
    ReadersByTransport readers{};
    Reloads reloads;
    std::vector<NamedSink> sinks;
};

// On the reactor's thread: some microseconds, and a tenth of a millisecond at most with every series of links
// there may be.
Sample gather(const Sources&, const record::Stamp& now);

// Prometheus' text format 0.0.4. Reads /proc/self, and takes milliseconds with many links: on a worker.
std::string expose(const Sample&);

}  // namespace nlwatch::scrape
