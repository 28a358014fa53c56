// The subcommands: each runs to its end and returns the exit code, or throws Failure.
#pragma once
#include <optional>
#include <string>

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

// Is this a configuration that `run` would take?
struct CheckOptions {
    std::optional<std::string> file;  // as run's config_file
};
int check(const CheckOptions&);

int version();

}  // namespace nlwatch::commands
