#include "app/log_sinks.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstring>
#include <system_error>
#include <utility>

#include "failure.hpp"

namespace nlwatch {

namespace {

backlog::Request request_for(const config::Sink& config, const LogSinks::Running* former) {
    backlog::Request request;
    request.filter = config.filter.filter();
    request.snapshot = false;  // what is there already is no news
    if (former) request.since = former->reader->feed().position();
    return request;
}

void retire(const LogSinks::Running& it) {
    if (it.config.file) it.sink().output().stop();  // a FIFO may wait for its reader
    it.reader->stop();
}

}  // namespace

LogSinks::LogSinks(boost::asio::io_context& io, backlog::Backlog& backlog, sink::WakeUp& wake_up,
                   log::Log& log)
    : io_(io), backlog_(backlog), wake_up_(wake_up), log_(log) {}

LogSinks::Opened LogSinks::open(const std::vector<config::Sink>& sinks) {
    Opened opened;
    for (const config::Sink& config : sinks) {
        std::shared_ptr<sink::Output> output;
        const bool goes_on = std::any_of(running_.begin(), running_.end(),
                                         [&](const Running& it) { return it.config == config; });
        try {
            if (!goes_on)
                output = config.file ? std::make_shared<sink::Output>(*config.file) : log_.standard_error();
        } catch (const std::system_error& error) {
            throw Failure{exit_code::failure,
                          fmt::format("the file of sink '{}': {}; see that its folder is there and that this "
                                      "user may write to it",
                                      config.name, error.what())};
        }
        opened.sinks_.push_back(config);
        opened.outputs_.push_back(std::move(output));
    }
    return opened;
}

void LogSinks::start(Opened opened) {
    std::vector<Running> former = std::exchange(running_, {});
    for (std::size_t i = 0; i < opened.sinks_.size(); ++i) {
        const config::Sink& config = opened.sinks_[i];
        const auto same = std::find_if(former.begin(), former.end(),
                                       [&](const Running& it) { return it.config.name == config.name; });
        if (!opened.outputs_[i]) {
            running_.push_back(*same);
        } else {
            running_.push_back(
                {config, make(config, opened.outputs_[i], same == former.end() ? nullptr : &*same)});
            if (same == former.end()) continue;
            retire(*same);
        }
        former.erase(same);
    }
    for (const Running& gone : former) retire(gone);
}

std::shared_ptr<LocalReader> LogSinks::make(const config::Sink& config, std::shared_ptr<sink::Output> output,
                                            const Running* former) {
    const bool json = config.format == config::Sink::Format::json;
    sink::LogSink::Style style{.json = json,
                               .colour = !config.file && log_.coloured(),
                               .line = config.file ? log::Log::file_line(json) : log_.line(json)};
    auto failed = [name = config.name, limit = RateLimit{1, std::chrono::minutes{1}}](int error) mutable {
        if (limit.pass(std::chrono::steady_clock::now()))
            log::of("sink").error("sink '{}' cannot write: {}; what happens meanwhile is missing there", name,
                                  std::strerror(error));
    };
    const auto reader = std::make_shared<LocalReader>(
        backlog_, request_for(config, former),
        std::make_unique<sink::LogSink>(std::move(output), std::move(style), std::move(failed)));
    reader->start(io_, wake_up_, [] {});
    return reader;
}

void LogSinks::reopen() {
    for (const Running& it : running_)
        it.sink().output().reopen(
            [name = it.config.name, file = it.config.file.value_or("")](const std::string& why) {
                log::of("sink").error("sink '{}': cannot open {} again: {}; the file that was open goes on",
                                      name, file, why);
            });
}

void LogSinks::stop() {
    for (const Running& it : running_) retire(it);
    log_.standard_error()->stop();
}

}  // namespace nlwatch
