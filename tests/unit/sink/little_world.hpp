// A reactor, a table, its backlog and the readers' wake-up: what sinks are fed from in these tests.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "backlog/backlog.hpp"
#include "sink/wake_up.hpp"
#include "unit/sink/reactor.hpp"

namespace nlwatch::test {

struct LittleWorld : Reactor {
    explicit LittleWorld(std::size_t ring_bytes = 1 << 20);

    // Puts the link there, or changes it: a record each time that the MTU is another.
    void link(std::uint32_t ifindex, std::uint32_t mtu);
    // `count` records, and one wake-up behind them.
    void churn(int count);

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
