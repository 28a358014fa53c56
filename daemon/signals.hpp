// SIGINT and SIGTERM: the first asks for an orderly end, the second ends at once.
#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <functional>

namespace nlwatch {

class EndSignals {
public:
    // `end` is called once, from the reactor, at the first signal.
    EndSignals(boost::asio::io_context&, std::function<void()> end);
    void stop() { signals_.cancel(); }  // no more waiting: the reactor may run out of work

private:
    void wait();

    boost::asio::signal_set signals_;
    std::function<void()> end_;
    bool ending_ = false;
};

}  // namespace nlwatch
