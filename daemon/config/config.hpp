// The configuration: what it can say, what holds without one, and how a file is read.
#pragma once
#include <chrono>
#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "record/filter.hpp"

namespace nlwatch::config {

// Every member's initial value is the documented default.
struct Config {
    struct Runtime {
        std::optional<std::string> dir;  // of the sockets; not said: see doors.hpp
    } runtime;
    struct Netlink {
        std::size_t receive_buffer = 8 * 1024 * 1024;  // bytes, as getsockopt(SO_RCVBUF) reports them
        std::size_t receive_buffer_max = 128 * 1024 * 1024;
        std::chrono::milliseconds resync_min_interval{1'000};
        std::chrono::milliseconds audit_interval{60'000};
    } netlink;
    record::Scope filter;  // what is published
    struct Backlog {
        std::size_t bytes = 32 * 1024 * 1024;
    } backlog;
    struct Stream {
        // Not said: 0660 and "adm" for root, 0600 and no group for a user's own daemon.
        std::optional<unsigned> mode;
        std::optional<std::string> group;
        std::size_t max_clients = 256;
    } stream;
};

// A configuration that cannot be used. what(): every error of it, each as `FILE:LINE:COLUMN: error: …` with
// the source line and a caret below; ready to be printed.
struct ConfigError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// `name` stands for the file in errors. A syntax error is told alone, errors of meaning all together.
Config parse_config(std::string_view text, const std::string& name);
Config load_config(const std::string& path);

}  // namespace nlwatch::config
