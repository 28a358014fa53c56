#include <spdlog/fmt/fmt.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "client/condition.hpp"
#include "client/follow.hpp"
#include "client/print.hpp"
#include "client/run.hpp"
#include "commands/commands.hpp"
#include "config/values.hpp"
#include "doors.hpp"
#include "failure.hpp"
#include "record/safe_text.hpp"
#include "signals.hpp"
#include "stream_fold.hpp"

namespace nlwatch::commands {

namespace asio = boost::asio;

namespace {

client::Condition condition_in(const std::string& text) {
    auto parsed = client::Condition::parse(text);
    if (const auto* wrong = std::get_if<std::string>(&parsed)) throw Failure{exit_code::usage, *wrong};
    return std::get<client::Condition>(std::move(parsed));
}

std::optional<std::chrono::milliseconds> timeout_in(const std::optional<std::string>& text) {
    if (!text) return std::nullopt;
    const auto timeout = config::parse_duration(*text);
    if (!timeout)
        throw Failure{exit_code::usage, fmt::format("--timeout '{}' is no duration: say 30s, 500ms or 5min",
                                                    record::safe(*text))};
    return timeout;
}

void warn_of_filter(const std::string& hello) {
    if (!read_hello(hello).published.everything())
        client::tell(
            "the daemon publishes only a part ([filter] in its configuration): the rest counts as not there");
}

// A snapshot comes first, then all that follows it: nothing is missed between, and nothing is asked twice.
asio::awaitable<void> wait_for(client::Condition& condition, client::Follow& events) {
    while (!condition.fulfilled()) {
        const std::vector<client::Follow::Line> lines = co_await events.lines();
        for (const client::Follow::Line& line : lines) {
            if (line.record.type == "hello") warn_of_filter(line.text);
            condition.read(line.record);
        }
    }
}

}  // namespace

int wait(const WaitOptions& options) {
    end_at_signals();
    client::Condition condition = condition_in(options.condition);
    const auto timeout = timeout_in(options.timeout);

    asio::io_context io{1};
    client::Follow events{io.get_executor(), doors::socket(options.dir, doors::http), condition.words(),
                          client::tell};
    asio::steady_timer deadline{io};
    if (timeout) {
        deadline.expires_after(*timeout);
        deadline.async_wait([&](boost::system::error_code) { io.stop(); });
    }
    client::run(io, wait_for(condition, events));
    if (!condition.fulfilled())
        throw Failure{exit_code::timed_out,
                      fmt::format("not within {}: {}", *options.timeout, condition.standing())};
    client::print(*condition.fulfilled() + "\n");
    return exit_code::ok;
}

}  // namespace nlwatch::commands
