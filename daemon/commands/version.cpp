#include "version.hpp"

#include <cstdio>

#include "commands/commands.hpp"
#include "failure.hpp"

namespace nlwatch::commands {

int version() {
    std::puts("nlwatch " NLWATCH_VERSION);
    return exit_code::ok;
}

}  // namespace nlwatch::commands
