#include <unistd.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include "client/follow.hpp"
#include "client/print.hpp"
#include "client/run.hpp"
#include "commands/commands.hpp"
#include "doors.hpp"
#include "failure.hpp"
#include "signals.hpp"
#include "sink/print.hpp"

namespace nlwatch::commands {

namespace asio = boost::asio;

namespace {

// Until there is no more to read, or nobody who reads it.
asio::awaitable<void> print(client::Follow& events, sink::PrintSink& out) {
    std::string batch;
    for (;;) {
        const std::vector<client::Follow::Line> lines = co_await events.lines();
        if (lines.empty()) co_return;
        batch.clear();
        for (const client::Follow::Line& line : lines) {
            backlog::Line shown;
            shown.type = line.record.type;
            shown.text = line.text;
            out.frame(shown, batch);
        }
        auto delivered = sink::Delivered::yes;
        if (!batch.empty()) delivered = co_await out.deliver(batch);
        if (delivered == sink::Delivered::nobody) co_return;
    }
}

}  // namespace

int tail(const TailOptions& options) {
    const bool json = options.output.json(STDOUT_FILENO);
    const ReaderOptions words = json ? options.reader : for_people(options.reader);
    request_of(words);  // a wrong word is better told before the daemon is asked

    asio::io_context io{1};
    client::Follow events{io.get_executor(), doors::socket(options.dir, doors::http), words, client::tell};
    sink::PrintSink out{STDOUT_FILENO, json ? sink::Print::json : sink::Print::text,
                        options.output.coloured(STDOUT_FILENO)};
    // Whatever waits is given up with the reactor; lines on their way to a reader who takes them are written
    // whole.
    EndSignals signals{io, [&] {
                           out.stop();
                           io.stop();
                       }};
    client::run(io, print(events, out));
    client::check_printed(out.last_error());
    return exit_code::ok;
}

}  // namespace nlwatch::commands
