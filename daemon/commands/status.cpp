#include <unistd.h>

#include <chrono>

#include "client/fetch.hpp"
#include "client/print.hpp"
#include "client/status_text.hpp"
#include "commands/commands.hpp"
#include "doors.hpp"
#include "failure.hpp"
#include "signals.hpp"

namespace nlwatch::commands {

int status(const StatusOptions& options) {
    end_at_signals();
    const std::string path = doors::socket(options.dir, doors::http);
    std::string told = client::body_of(client::fetch(path, client::Purpose::read, "GET", "/v1/status"));
    client::warn_of_other_version(client::version_in_status(told));
    if (options.output.format == Format::json)
        client::print(told.ends_with('\n') ? told : told + '\n');
    else
        client::print(client::status_text(told, std::chrono::system_clock::now(),
                                          options.output.coloured(STDOUT_FILENO)));
    return exit_code::ok;
}

}  // namespace nlwatch::commands
