// Signals, told on the reactor.
#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <functional>

namespace nlwatch {

// From now on SIGINT and SIGTERM end the program at once, with exit code 130: for commands that have nothing
// to put in order, or no more.
void end_at_signals();

// SIGINT and SIGTERM: the first asks for an orderly end, the second ends the process at once. One a process.
class EndSignals {
public:
    // `end` is called once, at the first signal. From then on this keeps the reactor from nothing.
    EndSignals(boost::asio::io_context&, std::function<void()> end);
    void stop() { signals_.cancel(); }  // no more waiting: the reactor may run out of work

private:
    boost::asio::signal_set signals_;
};

// SIGHUP, each time.
class HangupSignal {
public:
    HangupSignal(boost::asio::io_context&, std::function<void()> hung_up);
    void stop() { signals_.cancel(); }

private:
    void wait();

    boost::asio::signal_set signals_;
    std::function<void()> hung_up_;
};

}  // namespace nlwatch
