// The daemon's own log: where its lines go, how they are stamped, and how much is said.
#pragma once
#include <spdlog/logger.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "config/log_levels.hpp"
#include "sink/output.hpp"

namespace nlwatch::log {

// Standard error, written by a worker: a reader that stalls delays nobody, and what it could not be given is
// summed up in one line. To the journal each line has its priority (sd-daemon(3)) and no time; a terminal
// gets colours. While one is alive, spdlog's default logger and of() write to it; make one, early in main.
class Log {
public:
    Log();
    ~Log();  // what finds room without waiting is still written
    Log(const Log&) = delete;
    Log& operator=(const Log&) = delete;

    void set_levels(const config::LogLevels&);

    // Shared with sinks whose lines go there, too.
    const std::shared_ptr<sink::Output>& standard_error() const { return output_; }
    bool coloured() const { return coloured_; }

    // Appends one line as this log stamps it, or as a file's lines are stamped. `bare`: no time, for lines
    // that bring their own; the journal's priority stays.
    using Line = std::function<void(std::string_view text, std::string& to)>;
    Line line(bool bare) const;
    static Line file_line(bool bare);

private:
    std::shared_ptr<sink::Output> output_;
    bool coloured_;
};

// The logger of one of config::log_components.
spdlog::logger& of(std::string_view component);

}  // namespace nlwatch::log
