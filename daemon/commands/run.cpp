#include "app/app.hpp"
#include "commands/commands.hpp"

namespace nlwatch::commands {

int run(const RunOptions& options) {
    PassedSockets passed = PassedSockets::from_environment();  // before there is a second thread
    config::Loaded loaded = config::load(options.config_file);
    log::Log log;
    log.set_levels(loaded.config.log.level);
    App app{{.config_file = options.config_file,
             .config = std::move(loaded),
             .dir = options.dir,
             .passed = std::move(passed)},
            log};
    app.run();
    return exit_code::ok;
}

}  // namespace nlwatch::commands
