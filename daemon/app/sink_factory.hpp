// How the sinks of the configuration are made: one line for each type.
#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <memory>
#include <string>

#include "config/config.hpp"
#include "log.hpp"
#include "record/renderer.hpp"
#include "sink/destination.hpp"

namespace nlwatch {

// What sinks are made with; outlives them all.
struct SinkMeans {
    boost::asio::any_io_executor executor;
    log::Log& log;
    const record::Identity& identity;
};

// A sink of which all that can fail is done: its file is open, its secrets are read.
struct PreparedSink {
    std::function<std::shared_ptr<sink::Destination>()> make;
    std::function<void(sink::Destination&)> change;  // one of the same type, to be as this one
};

// Called on a worker. Throws Failure: what cannot be opened or read, why, and what to do about it.
PreparedSink prepare_sink(const config::Sink&, const SinkMeans&);

// Puts what a sink says of itself into the daemon's log: trouble at once, and then a summary from time to
// time.
sink::Tell tell_of(const std::string& sink);

}  // namespace nlwatch
