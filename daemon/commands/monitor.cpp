#include <unistd.h>

#include <cstdio>

#include "client/print.hpp"
#include "commands/commands.hpp"
#include "engine.hpp"
#include "failure.hpp"
#include "local_reader.hpp"
#include "resync_frames.hpp"
#include "signals.hpp"
#include "sink/print.hpp"

namespace nlwatch::commands {

int monitor(const MonitorOptions& options) {
    const bool json = options.output.json(STDOUT_FILENO);
    const backlog::Request request = request_of(json ? options.reader : for_people(options.reader));

    boost::asio::io_context io{1};
    Engine engine{io, config::Config{}};
    if (const auto refused = backlog::refusal(request, engine.backlog()))
        throw Failure{exit_code::usage, *refused};
    const auto out = std::make_shared<sink::PrintSink>(
        STDOUT_FILENO, json ? sink::Print::json : sink::Print::text, options.output.coloured(STDOUT_FILENO));
    const auto reader = std::make_shared<LocalReader>(engine.backlog(), request, out);

    const auto end = [&] {
        reader->stop();
        engine.stop();
    };
    EndSignals signals{io, end};
    reader->start(io, engine.wake_up(), [&] {
        signals.stop();
        end();
    });
    engine.start();
    io.run();
    client::check_printed(out->last_error());
    return exit_code::ok;
}

}  // namespace nlwatch::commands
