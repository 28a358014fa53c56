#include "signals.hpp"

#include <unistd.h>

#include <csignal>

#include "failure.hpp"

namespace nlwatch {

EndSignals::EndSignals(boost::asio::io_context& io, std::function<void()> end)
    : signals_(io, SIGINT, SIGTERM), end_(std::move(end)) {
    wait();
}

void EndSignals::wait() {
    signals_.async_wait([this](boost::system::error_code error, int) {
        if (error) return;
        if (ending_) ::_exit(exit_code::interrupted);
        ending_ = true;
        wait();
        end_();
    });
}

}  // namespace nlwatch
