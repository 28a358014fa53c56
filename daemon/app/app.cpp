#include "app/app.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <nlohmann/json.hpp>

#include "app/try_sink.hpp"
#include "sink/network_return.hpp"
#include "sink/on_worker.hpp"

namespace nlwatch {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr unsigned ok = 200, unprocessable = 422;

void rethrow(std::exception_ptr error) {
    if (error) std::rethrow_exception(error);
}

}  // namespace

App::App(Start start, log::Log& log)
    : log_(log),
      notifier_(io_),
      engine_(io_, start.config.config),
      observed_(engine_.follower().state().table(), start.config.config.metrics),
      reloader_(io_, std::move(start.config_file), std::move(start.config),
                [this](const config::Config& now) { return prepare(now); }),
      doors_(open_doors(
          io_.get_executor(), reloader_.running().config,
          [&] { return doors::for_daemon(start.dir, reloader_.running().config.runtime.dir.value_or("")); },
          std::move(start.passed))),
      stream_(sink::StreamServer::start(std::move(doors_.stream), engine_.backlog(), engine_.wake_up(),
                                        {.max_clients = reloader_.running().config.stream.max_clients})),
      http_(serve_http(std::move(doors_.http))),
      sinks_(io_, engine_.backlog(), engine_.wake_up(), log),
      end_signals_(io_, [this] { end(); }),
      hangup_(io_, [this] {
          asio::co_spawn(io_, reload(),
                         [](std::exception_ptr error, const Reloader::Outcome&) { rethrow(error); });
      }) {
    const config::Config& config = reloader_.running().config;
    engine_.backlog().set_tags({config.tags.begin(), config.tags.end()});
    own_log_.receive_buffer(engine_.follower().receive_buffer(), config.netlink.receive_buffer);
    sinks_.start(sinks_.open(config.sinks));
    engine_.observe(observer());
}

App::~App() = default;

void App::run() {
    notifier_.keep_status_by([this] { return status_text(); });
    notifier_.starting("waiting for the first complete pass over the kernel's state");
    engine_.start();
    turns_.run(io_);
}

Engine::Observer App::observer() {
    Engine::Observer observer;
    observer.changed = [this](const state::Change& change, const record::Stamp& stamp) {
        observed_.changed(change, stamp);
        if (sink::network_returned(change, engine_.follower().state().table()))
            sinks_.network_returned(stamp.monotonic);
    };
    observer.complete = [this] {
        observed_.begin(record::Stamp::now());
        own_log_.following(engine_.follower().state().table(), doors_);
        notifier_.ready(status_text());
    };
    observer.lost = [this](const kernel::Loss& loss) {
        last_loss_ = {.loss = loss, .time = std::chrono::system_clock::now(), .repair = std::nullopt};
        own_log_.lost(loss);
        tell_status(true);
    };
    observer.repaired = [this](const kernel::Repair& repair) {
        if (last_loss_) last_loss_->repair = repair;
        own_log_.repaired(repair);
        tell_status(true);
    };
    observer.turn_ended = [this] {
        own_log_.links_without_series(observed_.links().left_out());
        own_log_.turned_away(
            {.readers = stream_->counters().refused,
             .connections = http_->counters().refused,
             .not_accepted = stream_->counters().accept_failures + http_->counters().accept_failures});
        tell_status(false);
    };
    return observer;
}

std::shared_ptr<http::Server> App::serve_http(std::vector<http::Listener> listeners) {
    const config::Config::Http& config = reloader_.running().config.http;
    http::Sources sources{
        .backlog = engine_.backlog(),
        .wake_up = engine_.wake_up(),
        .status = [this] { return status(); },
        .metrics = [this] { return metrics(); },
        .unready = [this] { return unready(); },
        .controls = {{"/v1/reload", [this](const http::Target&) { return answer_reload(); }},
                     {"/v1/sinks/test",
                      [this](const http::Target& target) { return answer_sink_test(target); }}},
    };
    return http::Server::start(io_.get_executor(), std::move(listeners), std::move(sources), config.hosts,
                               {.max_connections = config.max_connections});
}

// On the reloader's worker. What it returns, on the reactor.
std::function<void()> App::prepare(const config::Config& now) {
    auto sinks = std::make_shared<Sinks::Opened>(sinks_.open(now.sinks));
    return [this, now, sinks] {
        const record::Stamp stamp = record::Stamp::now();
        log_.set_levels(now.log.level);
        engine_.backlog().set_tags({now.tags.begin(), now.tags.end()});
        engine_.backlog().reload(now.filter, stamp);
        observed_.select(now.metrics, stamp);
        if (!ending_) sinks_.start(std::move(*sinks));
        engine_.wake_up().notify();
    };
}

asio::awaitable<Reloader::Outcome> App::reload() {
    notifier_.reloading();
    sinks_.reopen();  // which logrotate wants of it, whatever becomes of the configuration
    const Reloader::Outcome outcome = co_await reloader_.reload();
    own_log_.reloaded(outcome);
    if (!ending_ && engine_.backlog().begun()) notifier_.ready(status_text());
    co_return outcome;
}

asio::awaitable<http::Answer> App::answer_reload() {
    const Reloader::Outcome outcome = co_await reload();
    nlohmann::ordered_json answer{{"schema", 1},
                                  {"type", "reload"},
                                  {"outcome", outcome.applied() ? "applied" : "refused"},
                                  {"applied", outcome.changes.at_once},
                                  {"at_restart", outcome.changes.at_restart}};
    if (!outcome.applied()) answer["message"] = outcome.refused;
    co_return http::Answer{outcome.applied() ? ok : unprocessable,
                           answer.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n"};
}

asio::awaitable<http::Answer> App::answer_sink_test(const http::Target& target) {
    const auto name = std::find_if(target.query.begin(), target.query.end(),
                                   [](const http::Word& word) { return word.name == "name"; });
    if (name == target.query.end()) co_return refusal(400, "name=… is missing: which sink");
    const std::shared_ptr<sink::Destination> sink = sinks_.find(name->value);  // a reload may take it out
    if (!sink) co_return refusal(404, fmt::format("there is no sink '{}'", name->value));
    co_return co_await try_sink(*sink, name->value, engine_.backlog());
}

asio::awaitable<std::string> App::metrics() {
    const auto expose = [sample = scrape::gather(scrape_sources(), record::Stamp::now())] {
        return scrape::expose(sample);
    };
    co_return co_await sink::on_worker(exposing_, expose);
}

std::optional<std::string> App::unready() const {
    if (!engine_.backlog().begun()) return "the first complete pass over the kernel's state has not ended";
    if (engine_.follower().sync().resyncing())
        return "messages of the kernel were lost, and the state has not been compared with it since";
    return std::nullopt;
}

std::string App::status() const {
    return status_json({.engine = engine_,
                        .reloader = reloader_,
                        .since = since_,
                        .last_loss = last_loss_,
                        .readers = readers(),
                        .sinks = sinks_.report()});
}

scrape::ReadersByTransport App::readers() const {
    const auto http = [&](http::Form form) {
        return scrape::Readers{http_->followers(form),
                               http_->counters().gaps[static_cast<std::size_t>(form)]};
    };
    return {scrape::Readers{stream_->clients(), stream_->counters().gaps}, http(http::Form::ndjson),
            http(http::Form::sse)};
}

scrape::Sources App::scrape_sources() const {
    return {.follower = engine_.follower(),
            .backlog = engine_.backlog(),
            .observed = observed_,
            .turns = turns_,
            .readers = [this] { return readers(); },
            .reloads =
                [this] {
                    const auto& last = reloader_.last();
                    return scrape::Reloads{.applied = reloader_.applied(),
                                           .refused = reloader_.refused(),
                                           .last_successful = !last || last->applied()};
                },
            .sinks = [this] { return sinks_.report(); }};
}

// The service manager need not hear of every change.
void App::tell_status(bool now) {
    const auto time = std::chrono::steady_clock::now();
    if (ending_ || !engine_.backlog().begun() || (!now && time - status_told_ < 1s)) return;
    status_told_ = time;
    notifier_.status(status_text());
}

std::string App::status_text() const {
    const state::Table& table = engine_.follower().state().table();
    const auto& last_reload = reloader_.last();
    return notify::text_of({.links = table.size(rtnl::Kind::link),
                            .addresses = table.size(rtnl::Kind::address),
                            .stream_clients = stream_->clients(),
                            .http_clients = http_->connections(),
                            .resyncing = engine_.follower().sync().resyncing(),
                            .reload_refused = last_reload && !last_reload->applied()});
}

void App::end() {
    ending_ = true;
    spdlog::info("ending");
    notifier_.stopping();
    hangup_.stop();
    stream_->stop();
    http_->stop();
    sinks_.stop();
    engine_.stop();
}

}  // namespace nlwatch
