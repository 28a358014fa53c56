// How a command ends when it cannot do what it was asked for.
#pragma once
#include <stdexcept>
#include <string>

namespace nlwatch {

// The exit codes that scripts may rely on; above 1 they are those of sysexits.h and of timeout(1).
namespace exit_code {
inline constexpr int ok = 0, failure = 1, usage = 64, unreachable = 69, permission = 77, configuration = 78,
                     timed_out = 124, interrupted = 130;
}  // namespace exit_code

// what(): one line (configuration: more) that says what failed, where, why, and what to do.
struct Failure : std::runtime_error {
    Failure(int code, const std::string& message) : std::runtime_error(message), exit_code(code) {}
    int exit_code;
};

}  // namespace nlwatch
