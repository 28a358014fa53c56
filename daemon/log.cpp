#include "log.hpp"

#include <spdlog/fmt/fmt.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <mutex>

#include "reader_options.hpp"

namespace nlwatch::log {

namespace {

// <N> of sd-daemon(3): the priorities of syslog(3) for spdlog's levels.
class Priority final : public spdlog::custom_flag_formatter {
public:
    void format(const spdlog::details::log_msg& message, const std::tm&, spdlog::memory_buf_t& to) override {
        static constexpr char priorities[] = {'7', '7', '6', '4', '3', '2', '6'};
        to.push_back('<');
        to.push_back(priorities[message.level]);
        to.push_back('>');
    }
    std::unique_ptr<custom_flag_formatter> clone() const override { return std::make_unique<Priority>(); }
};

// systemd says so in the environment, and a child whose standard error is another's must not believe it.
bool to_journal() {
    const char* stream = std::getenv("JOURNAL_STREAM");
    struct stat status {};
    return stream && ::fstat(STDERR_FILENO, &status) == 0 &&
           fmt::format("{}:{}", static_cast<std::uint64_t>(status.st_dev), status.st_ino) == stream;
}

std::unique_ptr<spdlog::formatter> formatter(const char* pattern) {
    auto made = std::make_unique<spdlog::pattern_formatter>();
    made->add_flag<Priority>('*').set_pattern(pattern);
    return made;
}

constexpr const char* file_pattern = "%Y-%m-%dT%H:%M:%S.%e%z %l %v";

const char* stderr_pattern(bool bare) {
    if (to_journal()) return "%*%v";
    if (bare) return "%v";
    return ::isatty(STDERR_FILENO) ? "%H:%M:%S.%e  %^%-7l%$ %v" : file_pattern;
}

std::string formatted(spdlog::formatter& formatter, const spdlog::details::log_msg& message, bool coloured) {
    spdlog::memory_buf_t buffer;
    formatter.format(message, buffer);
    std::string text{buffer.data(), buffer.size()};
    if (coloured && message.color_range_end > message.color_range_start) {
        static constexpr const char* colours[] = {"\033[2m",  "\033[2m",    "\033[32m", "\033[33m",
                                                  "\033[31m", "\033[1;31m", ""};
        text.insert(message.color_range_end, "\033[0m");
        text.insert(message.color_range_start, colours[message.level]);
    }
    return text;
}

class OutputSink final : public spdlog::sinks::base_sink<std::mutex> {
public:
    OutputSink(std::shared_ptr<nlwatch::sink::Output> output, bool coloured)
        : output_(std::move(output)), coloured_(coloured) {}

protected:
    void sink_it_(const spdlog::details::log_msg& message) override {
        output_->offer(formatted(*formatter_, message, coloured_));
    }
    void flush_() override {}

private:
    std::shared_ptr<nlwatch::sink::Output> output_;
    bool coloured_;
};

Log::Line line_of(const char* pattern, bool coloured) {
    const std::shared_ptr<spdlog::formatter> its = formatter(pattern);
    return [its, coloured](std::string_view text, std::string& to) {
        to += formatted(*its, {"nlwatch", spdlog::level::info, {text.data(), text.size()}}, coloured);
    };
}

spdlog::level::level_enum level_of(config::LogLevel level) {
    switch (level) {
        case config::LogLevel::debug:
            return spdlog::level::debug;
        case config::LogLevel::info:
            return spdlog::level::info;
        case config::LogLevel::warning:
            return spdlog::level::warn;
        case config::LogLevel::error:
            return spdlog::level::err;
        case config::LogLevel::off:
            break;
    }
    return spdlog::level::off;
}

}  // namespace

Log::Log()
    : output_(std::make_shared<sink::Output>(STDERR_FILENO)),
      coloured_(OutputOptions{}.coloured(STDERR_FILENO)) {
    auto sink = std::make_shared<OutputSink>(output_, coloured_);
    sink->set_formatter(formatter(stderr_pattern(false)));
    spdlog::set_default_logger(std::make_shared<spdlog::logger>("nlwatch", sink));
    for (const std::string_view component : config::log_components)
        spdlog::register_logger(std::make_shared<spdlog::logger>(std::string{component}, sink));

    output_->tell_lost_by([its = std::shared_ptr<spdlog::formatter>{formatter(stderr_pattern(false))},
                           coloured = coloured_](std::uint64_t lines) {
        const std::string text = fmt::format(
            "{} lines of this log are missing here: they could not be written, or were not read in time",
            lines);
        return formatted(*its, {"nlwatch", spdlog::level::warn, text}, coloured);
    });
}

Log::~Log() {
    spdlog::drop_all();
    output_->stop();
}

void Log::set_levels(const config::LogLevels& levels) {
    spdlog::default_logger()->set_level(level_of(levels.overall));
    for (const std::string_view component : config::log_components)
        of(component).set_level(level_of(levels.of(component)));
}

Log::Line Log::line(bool bare) const { return line_of(stderr_pattern(bare), coloured_); }
Log::Line Log::file_line(bool bare) { return line_of(bare ? "%v" : file_pattern, false); }

spdlog::logger& of(std::string_view component) {
    const std::shared_ptr<spdlog::logger> found = spdlog::get(std::string{component});
    return found ? *found : *spdlog::default_logger_raw();
}

}  // namespace nlwatch::log
