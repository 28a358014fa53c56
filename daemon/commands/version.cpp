#include "version.hpp"

#include "client/print.hpp"
#include "commands/commands.hpp"
#include "failure.hpp"

namespace nlwatch::commands {

int version() {
    client::print("nlwatch " NLWATCH_VERSION "\n");
    return exit_code::ok;
}

}  // namespace nlwatch::commands
