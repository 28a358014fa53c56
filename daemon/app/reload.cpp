#include "app/reload.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

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
    Outcome outcome = co_await read_and_apply();
    ++(outcome.applied() ? applied_ : refused_);
    last_ = outcome;
    busy_ = false;
    turn_.cancel();
    co_return outcome;
}

asio::awaitable<Reloader::Outcome> Reloader::read_and_apply() {
    Outcome outcome;
    config::Loaded wanted;
    std::function<void()> apply;
    const asio::any_io_executor home = co_await asio::this_coro::executor;
    co_await asio::post(asio::bind_executor(worker_.get_executor(), asio::use_awaitable));
    // `running_` changes at the end of a reload only, and there is one at a time.
    try {
        wanted = config::load(file_);
        outcome.changes = config::changes(running_.config, wanted.config);
        wanted.config = config::reloaded(running_.config, wanted.config);
        apply = prepare_(wanted.config);
    } catch (const config::ConfigError& error) {
        outcome.refused = error.errors;
    } catch (const std::exception& error) {
        outcome.refused = error.what();
    }
    co_await asio::post(asio::bind_executor(home, asio::use_awaitable));
    outcome.time = std::chrono::system_clock::now();
    if (!outcome.applied()) co_return outcome;
    apply();
    running_ = std::move(wanted);
    co_return outcome;
}

}  // namespace nlwatch
