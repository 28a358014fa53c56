// The configuration: what it can say, and what holds without one. How a file is read: load.hpp.
#pragma once
#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/address.hpp"
#include "config/log_levels.hpp"
#include "config/sink.hpp"
#include "http/groups.hpp"
#include "record/filter.hpp"

namespace nlwatch::config {

// [[http.listen]]
struct Listen {
    SocketAddress address;
    http::GroupSet routes{http::Group::metrics, http::Group::health};
    bool insecure = false;  // true is the word for listening beyond loopback

    bool operator==(const Listen&) const = default;
};

// Every member's initial value is the documented default. A new member needs its line in fields.hpp, or does
// not compile: from there come how it is read, what a reload does with it, and the check of nlwatch.toml.
struct Config {
    struct Runtime {
        std::optional<std::string> dir;  // of the sockets, absolute; not said: see doors.hpp
        bool operator==(const Runtime&) const = default;
    } runtime;
    struct Log {
        LogLevels level;
        bool operator==(const Log&) const = default;
    } log;
    struct Netlink {
        std::size_t receive_buffer = 8 * 1024 * 1024;  // bytes, as getsockopt(SO_RCVBUF) reports them
        std::size_t receive_buffer_max = 128 * 1024 * 1024;
        std::chrono::milliseconds resync_min_interval{1'000};
        std::chrono::milliseconds audit_interval{60'000};
        bool operator==(const Netlink&) const = default;
    } netlink;
    record::Scope filter;  // what is published
    std::map<std::string, std::string> tags;
    struct Backlog {
        std::size_t bytes = 32 * 1024 * 1024;
        bool operator==(const Backlog&) const = default;
    } backlog;
    struct Stream {
        std::optional<unsigned> mode;      // not said: default_mode()
        std::optional<std::string> group;  // not said: default_group(); "": the daemon's own
        std::size_t max_clients = 256;
        bool operator==(const Stream&) const = default;
    } stream;
    struct Http {
        std::optional<unsigned> mode;  // as the stream's
        std::optional<std::string> group;
        std::size_t max_connections = 256;  // of all listeners together
        std::vector<std::string> hosts{"localhost"};
        std::vector<Listen> listen{{.address = {"127.0.0.1", 9617, true}}};
        bool operator==(const Http&) const = default;
    } http;
    record::Scope metrics;            // which links get series of their own; its kinds are never set
    std::vector<Sink> sinks{Sink{}};  // one is always named "log": the built-in one, unless the file has it

    bool operator==(const Config&) const = default;
};

// Of sockets, where nothing is said. `shared`: made by root for a group to read; else a user's own.
constexpr unsigned default_mode(bool shared) { return shared ? 0660 : 0600; }
constexpr const char* default_group(bool shared) { return shared ? "adm" : ""; }

}  // namespace nlwatch::config
