// Joins the kernel's follower to the backlog: what the daemon and `monitor` have in common.
#pragma once
#include <boost/asio/io_context.hpp>
#include <functional>
#include <string>

#include "backlog/backlog.hpp"
#include "config/config.hpp"
#include "kernel/follower.hpp"
#include "sink/wake_up.hpp"

namespace nlwatch {

// From the kernel to the lines of the backlog. Readers attach a Feed to backlog() and wait for wake_up().
class Engine {
public:
    // Told beside what goes into the stream.
    struct Observer {
        std::function<void(const state::Change&, const record::Stamp&)> changed;  // published or not
        std::function<void()> complete;  // readers are served from here on
        std::function<void(const kernel::Loss&)> lost;
        std::function<void(const kernel::Repair&)> repaired;
        std::function<void()> turn_ended;  // before readers are woken
    };

    // Opens the netlink sockets. Throws std::system_error.
    Engine(boost::asio::io_context&, const config::Config&);

    void observe(Observer observer) { observer_ = std::move(observer); }  // before start()
    void start() { follower_.start(); }
    void stop();

    backlog::Backlog& backlog() { return backlog_; }
    const backlog::Backlog& backlog() const { return backlog_; }
    sink::WakeUp& wake_up() { return wake_up_; }
    const kernel::Follower& follower() const { return follower_; }

private:
    record::Stamp stamp_of(state::Time);
    kernel::Follower::Listener listener();

    Observer observer_;
    kernel::Follower follower_;
    backlog::Backlog backlog_;
    sink::WakeUp wake_up_;
    record::Stamp stamp_;
};

}  // namespace nlwatch
