// The subcommands: each runs to its end and returns the exit code, or throws Failure.
#pragma once
#include <optional>
#include <string>

#include "reader_options.hpp"

namespace nlwatch::commands {

// The daemon, in the foreground.
struct RunOptions {
    std::string config_file;  // empty: none
    std::string dir;          // of the sockets; empty: as configured
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

int version();

}  // namespace nlwatch::commands
