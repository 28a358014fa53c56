// What /v1/status tells, and `nlwatch status` prints.
#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "app/reload.hpp"
#include "engine.hpp"
#include "kernel/follower.hpp"
#include "scrape/sample.hpp"

namespace nlwatch {

// The last loss, and its repair once there was one.
struct LastLoss {
    kernel::Loss loss;
    std::chrono::system_clock::time_point time;
    std::optional<kernel::Repair> repair;
};

struct StatusSources {
    const Engine& engine;
    const Reloader& reloader;
    std::chrono::system_clock::time_point since;  // of this run
    std::optional<LastLoss> last_loss;
    scrape::ReadersByTransport readers;
    std::vector<scrape::NamedSink> sinks;
};

// One line of JSON, '\n' at its end.
std::string status_json(const StatusSources&);

}  // namespace nlwatch
