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

void give_up(backlog::Feed& feed, HoldDown* hold_down, std::uint64_t from, std::uint64_t to) {
    const state::Time now = state::Time::clock::now();
    if (hold_down)
        hold_down->give_up(feed, from, to, now);
    else
        feed.give_up(from, to, now);
}
}  // namespace

Filled fill(backlog::Feed& feed, Sink& sink, std::string& batch, HoldDown* hold_down) {
    const record::Stamp now = record::Stamp::now();
    Filled filled;
    while (!sink.full(batch)) {
        const std::optional<backlog::Line> line = hold_down ? hold_down->next(feed, now) : feed.next(now);
        if (!line) {
            filled.more = feed.behind();
            return filled;
        }
        sink.frame(*line, batch);
        filled.to = line->position;
        if (line->entry && !filled.first) filled.first = line->position.seq;
    }
    filled.more = true;
    return filled;
}

asio::awaitable<void> pump(backlog::Feed& feed, Sink& sink, WakeUp& wake_up, HoldDown* hold_down) {
    // A cancelled wait is looked at, not thrown.
    co_await asio::this_coro::throw_if_cancelled(false);
    const asio::cancellation_state cancellation = co_await asio::this_coro::cancellation_state;
    const auto cancelled = [&] { return cancellation.cancelled() != asio::cancellation_type::none; };
    std::string batch;
    while (!cancelled()) {
        const std::uint64_t seen = wake_up.turn();
        const auto before = hold_down ? hold_down->position(feed) : feed.position();
        const Filled filled = fill(feed, sink, batch, hold_down);
        Delivered delivered = Delivered::yes;
        if (!batch.empty()) delivered = co_await sink.deliver(batch);
        if (delivered == Delivered::nobody) co_return;
        if (delivered == Delivered::given_up) {
            const std::uint64_t to = filled.to->seq;
            give_up(feed, hold_down, before ? before->seq + 1 : filled.first.value_or(to + 1), to);
        }
        // Whoever waits after he was cancelled waits for ever.
        if (feed.finished() || cancelled()) co_return;
        batch.clear();
        if (filled.more || delivered == Delivered::given_up) {
            co_await asio::post(asio::use_awaitable);
        } else {
            if (batch.capacity() > worth_keeping) std::string().swap(batch);
            std::optional<state::Time> due;  // g++ 12 evaluates both sides of a ?: within a co_await
            if (hold_down) due = hold_down->due();
            co_await wake_up.wait(seen, due);
        }
    }
}

}  // namespace nlwatch::sink
