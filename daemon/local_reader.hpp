// A reader inside this process: its feed, its sink, and the pump between them.
#pragma once
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <optional>

#include "backlog/feed.hpp"
#include "sink/sink.hpp"
#include "sink/wake_up.hpp"

namespace nlwatch {

// Kept alive by its pump: until the feed is finished, nobody reads any more, or stop().
class LocalReader : public std::enable_shared_from_this<LocalReader> {
public:
    LocalReader(backlog::Backlog&, backlog::Request, std::unique_ptr<sink::Sink>);

    // `ended` is called once, after stop() too. Throws out of the reactor what the pump throws.
    void start(boost::asio::io_context&, sink::WakeUp&, std::function<void()> ended);
    void stop();

    const backlog::Feed& feed() const { return feed_; }
    sink::Sink& sink() { return *sink_; }

private:
    backlog::Feed feed_;
    std::unique_ptr<sink::Sink> sink_;
    boost::asio::cancellation_signal cancel_;
};

}  // namespace nlwatch
