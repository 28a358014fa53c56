// The daemon as it runs: owns all its parts, and joins them.
#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "app/open_doors.hpp"
#include "app/own_log.hpp"
#include "app/reload.hpp"
#include "app/sinks.hpp"
#include "app/status.hpp"
#include "engine.hpp"
#include "http/server.hpp"
#include "log.hpp"
#include "notify.hpp"
#include "scrape/sample.hpp"
#include "signals.hpp"
#include "sink/stream.hpp"

namespace nlwatch {

class App {
public:
    struct Start {
        std::optional<std::string> config_file;  // as given; null: the default one, if it is there
        config::Loaded config;                   // what was loaded from it
        std::string dir;                         // --dir; empty: not given
        PassedSockets passed;
    };

    // Opens everything; throws Failure or std::system_error. `log` must outlive it.
    App(Start, log::Log& log);
    ~App();

    void run();  // until SIGINT or SIGTERM

private:
    Engine::Observer observer();
    std::shared_ptr<http::Server> serve_http(std::vector<http::Listener>);
    std::function<void()> prepare(const config::Config&);
    boost::asio::awaitable<Reloader::Outcome> reload();
    boost::asio::awaitable<http::Answer> answer_reload();
    boost::asio::awaitable<http::Answer> answer_sink_test(const http::Target&);
    boost::asio::awaitable<std::string> metrics();
    std::optional<std::string> unready() const;
    std::string status() const;
    scrape::ReadersByTransport readers() const;
    scrape::Sources scrape_sources() const;
    void tell_status(bool now);
    std::string status_text() const;
    void end();

    log::Log& log_;
    OwnLog own_log_;
    boost::asio::io_context io_{1};
    notify::Notifier notifier_;
    Engine engine_;
    scrape::Observed observed_;
    scrape::Turns turns_;
    Reloader reloader_;
    OpenDoors doors_;
    std::shared_ptr<sink::StreamServer> stream_;
    std::shared_ptr<http::Server> http_;
    Sinks sinks_;
    boost::asio::thread_pool exposing_{1};  // a scrape is written here, off the reactor
    std::optional<LastLoss> last_loss_;
    const std::chrono::system_clock::time_point since_ = std::chrono::system_clock::now();
    std::chrono::steady_clock::time_point status_told_{};
    bool ending_ = false;
    EndSignals end_signals_;
    HangupSignal hangup_;
};

}  // namespace nlwatch
