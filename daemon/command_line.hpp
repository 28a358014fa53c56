// The command line: which command, with what options.
#pragma once

namespace nlwatch {

// Parses, runs the command, returns its exit code. Throws Failure, or whatever a command throws.
int run_command_line(int argc, char** argv);

}  // namespace nlwatch
