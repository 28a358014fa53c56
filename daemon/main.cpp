// nlwatch: one program, a subcommand for each use.
#include <csignal>
#include <cstdio>
#include <exception>

#include "command_line.hpp"
#include "failure.hpp"

int main(int argc, char** argv) {
    // A reader that went away is told by the write that finds out (EPIPE), not by a signal to the whole
    // program.
    std::signal(SIGPIPE, SIG_IGN);
    try {
        return nlwatch::run_command_line(argc, argv);
    } catch (const nlwatch::Failure& failure) {
        std::fprintf(stderr, "nlwatch: %s\n", failure.what());
        return failure.exit_code;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "nlwatch: %s\n", error.what());
        return nlwatch::exit_code::failure;
    }
}
