// A reader inside this process: its feed, its sink, and the pump between them.
#pragma once
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "backlog/feed.hpp"
#include "sink/hold_down.hpp"
#include "sink/sink.hpp"
#include "sink/wake_up.hpp"

namespace nlwatch {

// Kept alive by its pump: until the feed is finished, nobody reads any more, or stop().
class LocalReader : public std::enable_shared_from_this<LocalReader> {
public:
    LocalReader(backlog::Backlog&, backlog::Request, std::shared_ptr<sink::Sink>,
                sink::HoldDown::Delays delays = {});

    // `ended` is called once, after stop() too. Throws out of the reactor what the pump throws.
    void start(boost::asio::io_context&, sink::WakeUp&, std::function<void()> ended);
    void stop();

    // What is read from now on. The batch that is under way stays as it is.
    void change(backlog::Request, sink::HoldDown::Delays);
    // Behind the last line that went to the sink; null before there is one.
    std::optional<record::Position> position() const { return hold_down_.position(*feed_); }
    bool owes_snapshot() const { return feed_->owes_snapshot(); }
    std::uint64_t lag() const { return feed_->lag() + hold_down_.held(); }
    std::uint64_t left_out() const { return hold_down_.left_out(); }
    // Of what did not go to the sink yet: held back by a delay, or not read.
    std::optional<state::Time> oldest() const {
        const auto held = hold_down_.oldest();
        return held ? held : feed_->oldest();
    }
    // Hands the sink, which delivers no more, all that it would still have to deliver: so that it can say how
    // much.
    void frame_rest();

private:
    backlog::Backlog& backlog_;
    sink::HoldDown hold_down_;
    std::optional<backlog::Feed> feed_;  // another is put in its place by change()
    std::shared_ptr<sink::Sink> sink_;
    boost::asio::cancellation_signal cancel_;
};

}  // namespace nlwatch
