#include "log.hpp"

#include <spdlog/fmt/fmt.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

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

}  // namespace

bool to_journal() {
    const char* stream = std::getenv("JOURNAL_STREAM");
    struct stat status {};
    return stream && ::fstat(STDERR_FILENO, &status) == 0 &&
           fmt::format("{}:{}", static_cast<std::uint64_t>(status.st_dev), status.st_ino) == stream;
}

void set_up() {
    auto logger = spdlog::stderr_color_st("nlwatch");
    if (to_journal()) {
        auto formatter = std::make_unique<spdlog::pattern_formatter>();
        formatter->add_flag<Priority>('*').set_pattern("%*%v");
        logger->set_formatter(std::move(formatter));
    } else {
        logger->set_pattern(::isatty(STDERR_FILENO) ? "%H:%M:%S.%e  %^%-7l%$ %v"
                                                    : "%Y-%m-%dT%H:%M:%S.%e%z %l %v");
    }
    spdlog::set_default_logger(std::move(logger));
}

}  // namespace nlwatch::log
