// The sinks of the configuration, as they run.
#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/sink_factory.hpp"
#include "backlog/backlog.hpp"
#include "config/config.hpp"
#include "local_reader.hpp"
#include "scrape/sample.hpp"
#include "sink/wake_up.hpp"

namespace nlwatch {

class Sinks {
public:
    // All must outlive it, and the reactor's next turns behind stop().
    Sinks(boost::asio::io_context&, backlog::Backlog&, sink::WakeUp&, log::Log&);

    // Opens what is new or was changed; throws Failure if it cannot, and then nothing has changed. start()
    // then makes it so: what is the same goes on, what was changed goes on where it was.
    class Opened;
    Opened open(const std::vector<config::Sink>&) const;
    void start(Opened);

    void reopen();                       // files, after they were renamed (logrotate)
    void network_returned(state::Time);  // see sink::Destination
    // No more: what is in flight has 10 s to end. What is left undelivered is told.
    void stop();

    std::vector<scrape::NamedSink> report() const;  // in the order of the configuration

    // Null: there is none of that name.
    std::shared_ptr<sink::Destination> find(std::string_view name) const;

private:
    struct Running {
        config::Sink config;
        std::shared_ptr<sink::Destination> sink;
        std::shared_ptr<LocalReader> reader;
        std::optional<record::Position> begun;  // where it was to go on from; null: with a snapshot
        bool has_heir = false;                  // retired, but another goes on where it was
    };
    Running make(const config::Sink&, const PreparedSink&, const Running* former);
    void retire(Running, bool has_heir = false);
    void ended(const Running&);
    static sink::Standing standing_of(const Running&);
    backlog::Request request_for(const config::Sink&, std::optional<record::Position> since,
                                 const Running* former) const;

    boost::asio::io_context& io_;
    backlog::Backlog& backlog_;
    sink::WakeUp& wake_up_;
    SinkMeans means_;
    std::vector<Running> running_;
    std::vector<Running> retired_;  // until their pumps have ended
    bool ending_ = false;
    boost::asio::steady_timer grace_;  // of theirs, at the end
};

// What is to run, in the order of the configuration.
class Sinks::Opened {
    friend Sinks;
    struct One {
        config::Sink config;
        PreparedSink prepared;
    };
    std::vector<One> sinks_;
};

}  // namespace nlwatch
