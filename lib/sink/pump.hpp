// The pump: moves one reader's lines from its feed into its sink, at the sink's pace.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "backlog/feed.hpp"
#include "sink/hold_down.hpp"
#include "sink/sink.hpp"
#include "sink/wake_up.hpp"

namespace nlwatch::sink {

struct Filled {
    bool more{};                         // come back without waiting
    std::optional<record::Position> to;  // of the last line; null if there was none
    std::optional<std::uint64_t> first;  // the seq of the first numbered record
};
// Appends whole lines to the batch until the sink calls it full or there are no more for now. `hold_down`, if
// there is one, stands between feed and sink.
Filled fill(backlog::Feed&, Sink&, std::string& batch, HoldDown* hold_down = nullptr);

// Runs until the sink has nobody to deliver to, the feed is finished, or it is cancelled (terminal). All it
// keeps over a co_await is its batch: meanwhile the ring goes on, and may overtake the feed.
boost::asio::awaitable<void> pump(backlog::Feed&, Sink&, WakeUp&, HoldDown* hold_down = nullptr);

}  // namespace nlwatch::sink
