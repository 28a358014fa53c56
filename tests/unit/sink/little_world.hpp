// A reactor, a table, its backlog and the readers' wake-up: what sinks are fed from in these tests.
#pragma once
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "backlog/backlog.hpp"
#include "sink/wake_up.hpp"

namespace nlwatch::test {

struct LittleWorld {
    explicit LittleWorld(std::size_t ring_bytes = 1 << 20);

    // Puts the link there, or changes it: a record each time that the MTU is another.
    void link(std::uint32_t ifindex, std::uint32_t mtu);
    // `count` records, and one wake-up behind them.
    void churn(int count);
    // Runs the reactor until it is so. False if that takes longer than any machine needs.
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
    void settle();

    boost::asio::io_context reactor{1};
    state::Table table;
    backlog::Backlog backlog;
    sink::WakeUp wake_up{reactor.get_executor()};

private:
    std::uint32_t mtu_ = 1500;
};

std::string type_of(std::string_view line);
std::uint64_t seq_of(std::string_view line);
std::vector<std::string> lines_of(std::string_view text);  // the whole ones, without their '\n'
// Which law of the numbering the lines of one view break; empty if none. For lines that begin with a hello.
std::string breach_of_order(const std::vector<std::string>& lines);

}  // namespace nlwatch::test
