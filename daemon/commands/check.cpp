#include <spdlog/fmt/fmt.h>

#include <cstdio>

#include "commands/commands.hpp"
#include "config/load.hpp"
#include "record/safe_text.hpp"

namespace nlwatch::commands {

int check(const CheckOptions& options) {
    const config::Loaded loaded = config::load(options.file);
    const std::string line = loaded.file.empty()
                                 ? fmt::format("{}: not there, so the defaults hold\n", config::default_file)
                                 : fmt::format("{}: good\n", record::safe(loaded.file));
    std::fputs(line.c_str(), stdout);
    return exit_code::ok;
}

}  // namespace nlwatch::commands
