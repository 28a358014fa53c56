// A reader inside this process: its feed, its sink, and the pump between them.
#pragma once
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <functional>

#include "backlog/feed.hpp"
#include "sink/print.hpp"
#include "sink/wake_up.hpp"

namespace nlwatch {

// Must outlive its pump: stop() it, and let the reactor run until it is done.
class LocalReader {
public:
    LocalReader(backlog::Backlog&, backlog::Request, int descriptor, sink::Print, bool coloured,
                std::string prefix = {});

    // `ended` is called once: nobody reads any more, or all that was asked for has been delivered.
    void start(boost::asio::io_context&, sink::WakeUp&, std::function<void()> ended);
    void stop();

private:
    backlog::Feed feed_;
    sink::PrintSink sink_;
    boost::asio::cancellation_signal cancel_;
};

}  // namespace nlwatch
