#include <spdlog/fmt/fmt.h>

#include "client/print.hpp"
#include "commands/commands.hpp"
#include "config/load.hpp"
#include "record/safe_text.hpp"

namespace nlwatch::commands {

int check(const CheckOptions& options) {
    const config::Loaded loaded = config::load(options.file);
    const std::string line = loaded.file.empty()
                                 ? fmt::format("{}: not there, so the defaults hold\n", config::default_file)
                                 : fmt::format("{}: good\n", record::safe(loaded.file));
    client::print(line);
    return exit_code::ok;
}

}  // namespace nlwatch::commands
