// The pump: moves one reader's lines from its feed into its sink, at the sink's pace.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <string>

#include "backlog/feed.hpp"
#include "sink/sink.hpp"
#include "sink/wake_up.hpp"

namespace nlwatch::sink {

inline constexpr std::size_t default_batch_bytes =
    64 * 1024;  // of a reader's one batch; it may be larger by one line

// Appends whole lines to the batch until it has `bytes` or there are no more for now. True: come back without
// waiting.
bool fill(backlog::Feed&, Sink&, std::string& batch, std::size_t bytes);

// Runs until the sink has nobody to deliver to, the feed is finished, or it is cancelled (terminal). All it
// keeps over a co_await is its batch: meanwhile the ring goes on, and may overtake the feed.
boost::asio::awaitable<void> pump(backlog::Feed&, Sink&, WakeUp&, std::size_t bytes = default_batch_bytes);

}  // namespace nlwatch::sink
