// A reactor that a test turns by hand.
#pragma once
#include <boost/asio/io_context.hpp>
#include <chrono>

namespace nlwatch::test {

struct Reactor {
    // Runs it until it is so. False if that takes longer than any machine needs.
    template <class Condition>
    bool until(Condition condition) {
        const auto too_long = std::chrono::steady_clock::now() + std::chrono::seconds{60};
        while (!condition()) {
            if (std::chrono::steady_clock::now() > too_long) return false;
            reactor.restart();
            reactor.run_one_for(std::chrono::milliseconds{5});
        }
        return true;
    }
    // Runs what is ready, and what that makes ready.
    void settle() {
        do reactor.restart();
        while (reactor.poll() > 0);
    }

    boost::asio::io_context reactor{1};
};

}  // namespace nlwatch::test
