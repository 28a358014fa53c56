#include "app/reload.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "sink/on_worker.hpp"

namespace nlwatch {

namespace asio = boost::asio;

Reloader::Reloader(asio::io_context& io, std::optional<std::string> file, config::Loaded running,
                   Prepare prepare)
    : file_(std::move(file)),
      running_(std::move(running)),
      prepare_(std::move(prepare)),
      turn_(io, asio::steady_timer::time_point::max()) {}

asio::awaitable<Reloader::Outcome> Reloader::reload() {
    while (busy_) co_await turn_.async_wait(asio::as_tuple(asio::use_awaitable));
    busy_ = true;
    const auto read_file = [this] { return read(); };
    Read read = co_await sink::on_worker(worker_, read_file);
    read.outcome.time = std::chrono::system_clock::now();
    if (read.outcome.applied()) {
        read.apply();
        running_ = std::move(read.wanted);
        ++applied_;
    } else {
        ++refused_;
    }
    last_ = read.outcome;
    busy_ = false;
    turn_.cancel();
    co_return std::move(read.outcome);
}

// `running_` changes at the end of a reload only, and there is one at a time.
Reloader::Read Reloader::read() const {
    Read read;
    try {
        read.wanted = config::load(file_);
        read.outcome.changes = config::changes(running_.config, read.wanted.config);
        read.wanted.config = config::reloaded(running_.config, read.wanted.config);
        read.apply = prepare_(read.wanted.config);
    } catch (const config::ConfigError& error) {
        read.outcome.refused = error.errors;
    } catch (const std::exception& error) {
        read.outcome.refused = error.what();
    }
    return read;
}

}  // namespace nlwatch
