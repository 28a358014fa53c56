#include "sink/log.hpp"

#include <chrono>
#include <cstring>
#include <utility>

#include "record/text.hpp"

namespace nlwatch::sink {

void LogSink::set(Settings settings) {
    if (settings.output != settings_.output) leave_output();
    settings_ = std::move(settings);
}

void LogSink::frame(const backlog::Line& line, std::string& batch) {
    framed(line);
    if (about_the_reader(line.type)) return;
    if (settings_.json) {
        settings_.line(line.text.substr(0, line.text.size() - 1), batch);
    } else {
        const std::string text = record::text_of(line.text, {.time = false, .colour = settings_.colour});
        if (text.empty()) return;
        settings_.line(text, batch);
    }
    ++lines_;
}

boost::asio::awaitable<Delivered> LogSink::deliver(const std::string& batch) {
    const std::shared_ptr<Output> output = settings_.output;  // it may be another when this is written
    const state::Time begun = std::chrono::steady_clock::now();
    writing_since_ = begun;
    const bool written = co_await output->write(batch);
    writing_since_.reset();
    error_ = written ? 0 : output->last_error();
    attempted(written ? Counters::Outcome::success : Counters::Outcome::server_error,
              std::chrono::steady_clock::now() - begun);
    dealt_with();
    const std::uint64_t lines = std::exchange(lines_, 0);
    if (written) {
        counters_.delivered += lines;
    } else {
        drop(Counters::Drop::rejected, lines);
        if (!stopped_)
            settings_.tell(Tone::loss, std::string("cannot write: ") + std::strerror(error_) +
                                           "; what happens meanwhile is missing there");
    }
    co_return stopped_ ? Delivered::nobody : Delivered::yes;
}

Standing LogSink::standing() const {
    Standing standing;
    standing.up = error_ == 0;
    standing.lag = lines_;
    standing.position = position();
    standing.waiting = writing_since_;
    if (error_ != 0) standing.last_error = std::strerror(error_);
    return standing;
}

void LogSink::reopen() { settings_.output->reopen(settings_.not_opened); }

void LogSink::stop() {
    stopped_ = true;
    leave_output();
}

// A FIFO may wait for its reader.
void LogSink::leave_output() {
    if (settings_.alone) settings_.output->stop();
}

}  // namespace nlwatch::sink
