#include "sink/pump.hpp"

#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace nlwatch::sink {

namespace asio = boost::asio;

namespace {
constexpr std::size_t worth_keeping =
    4 * 1024;  // bytes of an idle reader's batch: 256 of them should not hold 16 MiB
}

bool fill(backlog::Feed& feed, Sink& sink, std::string& batch, std::size_t bytes) {
    const record::Stamp now = record::Stamp::now();
    while (batch.size() < bytes) {
        const std::optional<backlog::Line> line = feed.next(now);
        if (!line) return feed.behind();
        sink.frame(*line, batch);
    }
    return true;
}

asio::awaitable<void> pump(backlog::Feed& feed, Sink& sink, WakeUp& wake_up, std::size_t bytes) {
    // A cancelled wait is looked at, not thrown.
    co_await asio::this_coro::throw_if_cancelled(false);
    const asio::cancellation_state cancellation = co_await asio::this_coro::cancellation_state;
    const auto cancelled = [&] { return cancellation.cancelled() != asio::cancellation_type::none; };
    std::string batch;
    while (!cancelled()) {
        const std::uint64_t seen = wake_up.turn();
        const bool more = fill(feed, sink, batch, bytes);
        bool anybody = true;
        if (!batch.empty()) anybody = co_await sink.deliver(batch);
        if (!anybody) co_return;
        // Whoever waits after he was cancelled waits for ever.
        if (feed.finished() || cancelled()) co_return;
        batch.clear();
        if (more) {
            co_await asio::post(asio::use_awaitable);
        } else {
            if (batch.capacity() > worth_keeping) std::string().swap(batch);
            co_await wake_up.wait(seen);
        }
    }
}

}  // namespace nlwatch::sink
