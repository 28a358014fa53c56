// Reloads of the configuration: one at a time, each with an outcome that everybody can ask for.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "config/changes.hpp"
#include "config/load.hpp"

namespace nlwatch {

class Reloader {
public:
    struct Outcome {
        std::chrono::system_clock::time_point time;
        config::Changes changes;  // if it was applied
        std::string refused;      // else why, in words or with every error of the file
        bool applied() const { return refused.empty(); }
    };
    // Called on a worker: opens what is new, or throws Failure, and changes nothing. What it returns is
    // called on the reactor, cannot fail, and applies it all.
    using Prepare = std::function<std::function<void()>(const config::Config& now)>;

    // `file`: as given to load(). `running`: what was loaded from it.
    Reloader(boost::asio::io_context&, std::optional<std::string> file, config::Loaded running, Prepare);

    // The file is read on the worker. One that cannot be used changes nothing. Ends when it is done, after
    // those that were asked for before.
    boost::asio::awaitable<Outcome> reload();

    const config::Loaded& running() const { return running_; }
    const std::optional<Outcome>& last() const { return last_; }
    std::uint64_t applied() const { return applied_; }
    std::uint64_t refused() const { return refused_; }

private:
    struct Read {  // on the worker: what to do, or why not
        Outcome outcome;
        config::Loaded wanted;
        std::function<void()> apply;
    };
    Read read() const;

    std::optional<std::string> file_;
    config::Loaded running_;
    Prepare prepare_;
    std::optional<Outcome> last_;
    std::uint64_t applied_ = 0, refused_ = 0;
    bool busy_ = false;
    boost::asio::steady_timer turn_;  // cancelled when a reload has ended
    boost::asio::thread_pool worker_{1};
};

}  // namespace nlwatch
