#include "client/follow.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "client/connect.hpp"
#include "client/fetch.hpp"
#include "failure.hpp"
#include "stream_fold.hpp"

namespace nlwatch::client {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {
constexpr std::chrono::milliseconds first_back_off = 50ms, longest_back_off = 2s;
}

Follow::Follow(asio::any_io_executor executor, std::string path, backlog::RequestWords words, Tell tell)
    : executor_(executor),
      path_(std::move(path)),
      place_(std::move(words)),
      tell_(std::move(tell)),
      pause_(executor),
      back_off_(first_back_off) {
    connect_again();
}

asio::awaitable<std::vector<Follow::Line>> Follow::lines() {
    for (;;) {
        std::string gone;
        try {
            bool more = asked_;
            if (!more) more = co_await ask();
            while (more) {
                more = co_await client_->more(text_, http::Client::endless);
                std::vector<Line> lines = take_whole_lines();
                if (!lines.empty()) co_return lines;
            }
            gone = "it has ended";
        } catch (const http::ConnectionLost& lost) {
            gone = lost.what();
        }
        if (place_.finished()) co_return std::vector<Line>();
        co_await come_back(gone);
    }
}

// False: not now.
asio::awaitable<bool> Follow::ask() {
    const std::string target = http::events_target(place_.next_words());
    const unsigned status = co_await client_->ask("GET", target, patience);
    if (status == 200) {
        asked_ = true;
        co_return true;
    }
    std::string body;
    for (bool more = true; more;) more = co_await client_->more(body, patience);
    if (status == 503 && lost_) co_return false;
    throw refused(status, body);
}

asio::awaitable<void> Follow::come_back(const std::string& why) {
    client_.reset();
    asked_ = false;
    text_.clear();  // a line that was torn: it comes again, whole
    if (!std::exchange(lost_, true))
        tell_(fmt::format("the daemon at {} is gone ({}); waiting for it", path_, why));
    while (!client_) {
        pause_.expires_after(back_off_);
        co_await pause_.async_wait(asio::use_awaitable);
        back_off_ = std::min(2 * back_off_, longest_back_off);
        try {
            connect_again();
        } catch (const Failure&) {
            // Not there yet, or there before its owner and mode are right.
        }
    }
}

void Follow::connect_again() {
    client_ = std::make_unique<http::Client>(connect(executor_, path_, Purpose::read));
}

std::vector<Follow::Line> Follow::take_whole_lines() {
    std::vector<Line> lines;
    std::size_t begin = 0;
    for (std::size_t end; (end = text_.find('\n', begin)) != std::string::npos; begin = end + 1) {
        const std::string_view line = std::string_view{text_}.substr(begin, end + 1 - begin);
        record::Record record = place_.read(line);
        if (record.type == "hello") greet(record, line);
        lines.push_back({std::string{line}, std::move(record)});
    }
    text_.erase(0, begin);
    return lines;
}

void Follow::greet(const record::Record& hello, std::string_view line) {
    if (!run_) warn_of_other_version(read_hello(line).version);
    if (lost_) {
        const bool same = run_ == hello.run;
        tell_(same ? "the daemon is back; going on where it was"
                   : "the daemon is back, and has begun a new run: what happened meanwhile is not known");
    }
    run_ = hello.run;
    lost_ = false;
    back_off_ = first_back_off;
}

}  // namespace nlwatch::client
