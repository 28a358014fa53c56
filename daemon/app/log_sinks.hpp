// The log sinks of the configuration, as they run.
#pragma once
#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <vector>

#include "backlog/backlog.hpp"
#include "config/config.hpp"
#include "local_reader.hpp"
#include "log.hpp"
#include "rate_limit.hpp"
#include "sink/log.hpp"
#include "sink/wake_up.hpp"

namespace nlwatch {

class LogSinks {
public:
    // All must outlive it, and the reactor's next turns behind stop().
    LogSinks(boost::asio::io_context&, backlog::Backlog&, sink::WakeUp&, log::Log&);

    // Opens the files of what is new or was changed; throws Failure if one cannot be, and then nothing has
    // changed. start() then makes it so: what is the same goes on, what was changed goes on where it was.
    class Opened;
    Opened open(const std::vector<config::Sink>&);
    void start(Opened);

    void reopen();  // the files, after they were renamed (logrotate)
    void stop();    // and the outputs, so that nothing waits for a reader any more

    struct Running {
        config::Sink config;
        std::shared_ptr<LocalReader> reader;
        sink::LogSink& sink() const { return static_cast<sink::LogSink&>(reader->sink()); }
    };
    const std::vector<Running>& running() const { return running_; }

private:
    std::shared_ptr<LocalReader> make(const config::Sink&, std::shared_ptr<sink::Output>,
                                      const Running* former);

    boost::asio::io_context& io_;
    backlog::Backlog& backlog_;
    sink::WakeUp& wake_up_;
    log::Log& log_;
    std::vector<Running> running_;
};

// What is to run: outputs in the order of the configuration's sinks, null where the same one goes on.
class LogSinks::Opened {
    friend LogSinks;
    std::vector<config::Sink> sinks_;
    std::vector<std::shared_ptr<sink::Output>> outputs_;
};

}  // namespace nlwatch
