#include "sink/log.hpp"

#include <array>
#include <chrono>
#include <utility>

#include "record/text.hpp"

namespace nlwatch::sink {

namespace {

template <std::size_t size, class Which>
std::uint64_t& count(std::array<std::uint64_t, size>& counters, Which which) {
    return counters[static_cast<std::size_t>(which)];
}

// What the stream says of itself, and not of the network.
bool about_the_stream(std::string_view type) {
    return type == "hello" || type == "bookmark" || type.starts_with("snapshot.");
}

}  // namespace

LogSink::LogSink(std::shared_ptr<Output> output, Style style, std::function<void(int)> failed)
    : output_(std::move(output)), style_(std::move(style)), failed_(std::move(failed)) {}

void LogSink::frame(const backlog::Line& line, std::string& batch) {
    const std::uint64_t before = std::exchange(seen_, line.position.seq);
    if (line.type == "gap") count(counters_.dropped, Counters::Drop::gap) += seen_ - before;
    if (about_the_stream(line.type)) return;
    if (style_.json) {
        style_.line(line.text.substr(0, line.text.size() - 1), batch);
    } else {
        const std::string text = record::text_of(line.text, {.time = false, .colour = style_.colour});
        if (text.empty()) return;
        style_.line(text, batch);
    }
    ++lines_;
}

boost::asio::awaitable<bool> LogSink::deliver(const std::string& batch) {
    const state::Time begun = std::chrono::steady_clock::now();
    writing_since_ = begun;
    well_ = co_await output_->write(batch);
    writing_since_.reset();
    counters_.delivery.observe(std::chrono::steady_clock::now() - begun);
    ++count(counters_.attempts, well_ ? Counters::Outcome::success : Counters::Outcome::server_error);
    const std::uint64_t lines = std::exchange(lines_, 0);
    if (well_) {
        counters_.delivered += lines;
    } else {
        count(counters_.dropped, Counters::Drop::rejected) += lines;
        if (!stopped_) failed_(output_->last_error());
    }
    co_return !stopped_;
}

Standing LogSink::standing() const { return {.up = well_, .lag = 0, .waiting = writing_since_}; }

void LogSink::stop() { stopped_ = true; }

}  // namespace nlwatch::sink
