#include "scrape/turns.hpp"

#include <time.h>

namespace nlwatch::scrape {

namespace {

using Clock = std::chrono::steady_clock;

std::chrono::nanoseconds cpu_time() {
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return std::chrono::seconds{time.tv_sec} + std::chrono::nanoseconds{time.tv_nsec};
}

}  // namespace

void Turns::run(boost::asio::io_context& io) {
    const auto observe = [this](std::chrono::nanoseconds turn) {
        if (turn > long_turn) stalls_.observe(turn);
    };
    while (!io.stopped()) {
        Clock::time_point began = Clock::now();
        while (io.poll_one() > 0) {
            const Clock::time_point ended = Clock::now();
            observe(ended - began);
            began = ended;
        }
        const std::chrono::nanoseconds before = cpu_time();
        if (io.run_one() > 0) observe(cpu_time() - before);
    }
}

}  // namespace nlwatch::scrape
