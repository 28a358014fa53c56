// The wake-up of the readers: once a turn of the reactor, for all of them.
#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <optional>
#include <unordered_set>

namespace nlwatch::sink {

// Not thread-safe: waiters and notifier share one reactor thread. Must outlive its waiters.
class WakeUp {
public:
    using Time = boost::asio::steady_timer::time_point;
    explicit WakeUp(boost::asio::any_io_executor executor);

    // Whoever appended records calls it once behind them. Nobody runs before the caller returns to the
    // reactor.
    void notify();

    // To miss nothing: remember the turn, look at what there is, then wait. Returns at once if there was a
    // turn meanwhile, at `until` without one, and when the waiter is cancelled.
    std::uint64_t turn() const { return turn_; }
    boost::asio::awaitable<void> wait(std::uint64_t seen, std::optional<Time> until = std::nullopt);

private:
    boost::asio::steady_timer
        never_;  // its cancellation is the wake-up: one object, whatever the number of waiters
    std::unordered_set<boost::asio::steady_timer*> until_;  // of those who do not wait for ever
    std::uint64_t turn_ = 0;
};

}  // namespace nlwatch::sink
