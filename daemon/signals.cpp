#include "signals.hpp"

#include <unistd.h>

#include <csignal>
#include <utility>

#include "failure.hpp"

namespace nlwatch {

void end_at_signals() {
    for (const int number : {SIGINT, SIGTERM})
        std::signal(number, [](int) { ::_exit(exit_code::interrupted); });
}

EndSignals::EndSignals(boost::asio::io_context& io, std::function<void()> end)
    : signals_(io, SIGINT, SIGTERM) {
    signals_.async_wait([this, end = std::move(end)](boost::system::error_code error, int) {
        if (error) return;
        // The reactor may be waiting for a reader, or be done and on its way out: this is heard in any case.
        signals_.clear();
        end_at_signals();
        end();
    });
}

HangupSignal::HangupSignal(boost::asio::io_context& io, std::function<void()> hung_up)
    : signals_(io, SIGHUP), hung_up_(std::move(hung_up)) {
    wait();
}

void HangupSignal::wait() {
    signals_.async_wait([this](boost::system::error_code error, int) {
        if (error) return;
        wait();
        hung_up_();
    });
}

}  // namespace nlwatch
