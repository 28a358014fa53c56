// The subcommands: each runs to its end and returns the exit code, or throws Failure.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "reader_options.hpp"

namespace nlwatch::commands {

// The daemon, in the foreground.
struct RunOptions {
    std::optional<std::string> config_file;  // not said: the usual one, if it is there
    std::string dir;                         // of the sockets; empty: as configured
};
int run(const RunOptions&);

// No daemon, no root, no file: follow the kernel here and print.
struct MonitorOptions {
    ReaderOptions reader;
    OutputOptions output;
};
int monitor(const MonitorOptions&);

// Does the daemon's stream hold what the kernel says?
struct VerifyOptions {
    std::string dir;
    OutputOptions output;
};
int verify(const VerifyOptions&);

// The daemon's stream, printed; goes on when the daemon comes back.
struct TailOptions {
    std::string dir;
    ReaderOptions reader;
    OutputOptions output;
};
int tail(const TailOptions&);

// What there is, as the daemon holds it.
enum class Show : std::uint8_t { links, addresses };
struct ShowOptions {
    std::string dir;
    Show what = Show::links;
    std::vector<std::string> interfaces, link_kinds;  // globs
    OutputOptions output;
};
int show(const ShowOptions&);

// How the daemon does.
struct StatusOptions {
    std::string dir;
    OutputOptions output;
};
int status(const StatusOptions&);

// Until something is true of the network.
struct WaitOptions {
    std::string dir;
    std::string condition;               // see client/condition.hpp
    std::optional<std::string> timeout;  // a duration; not said: for ever
};
int wait(const WaitOptions&);

// Have the daemon read its configuration again; tells what it made of it.
struct ReloadOptions {
    std::string dir;
};
int reload(const ReloadOptions&);

// Send one event to a sink's receiver, and say what came of it.
struct SinkTestOptions {
    std::string dir;
    std::string name;
    OutputOptions output;
};
int sink_test(const SinkTestOptions&);

// Is this a configuration that `run` would take?
struct CheckOptions {
    std::optional<std::string> file;  // as run's config_file
};
int check(const CheckOptions&);

int version();

}  // namespace nlwatch::commands
