#include <unistd.h>

#include "client/fetch.hpp"
#include "client/listing.hpp"
#include "client/print.hpp"
#include "client/terminal.hpp"
#include "commands/commands.hpp"
#include "doors.hpp"
#include "failure.hpp"
#include "http/client.hpp"
#include "signals.hpp"

namespace nlwatch::commands {

namespace {

// The addresses' JSON is told by link.
bool needs(const ShowOptions& options, std::string_view kind) {
    if (kind == "link") return options.what == Show::links || options.output.format == Format::json;
    return options.what == Show::addresses;
}

std::string text_of(const client::Snapshot& snapshot, const ShowOptions& options) {
    const bool links = options.what == Show::links;
    if (options.output.format == Format::json)
        return links ? client::links_json(snapshot) : client::addresses_json(snapshot);
    const auto columns = client::terminal_columns(STDOUT_FILENO);
    const bool coloured = options.output.coloured(STDOUT_FILENO);
    return links ? client::links_table(snapshot, columns, coloured)
                 : client::addresses_table(snapshot, columns, coloured);
}

}  // namespace

int show(const ShowOptions& options) {
    end_at_signals();
    backlog::RequestWords words;
    words.interfaces = options.interfaces;
    words.link_kinds = options.link_kinds;
    for (const char* kind : {"link", "address"})
        if (needs(options, kind)) words.kinds.emplace_back(kind);
    // A view that ends behind its snapshot: the state as of one record, one object a line.
    words.limit = 0;
    const std::string path = doors::socket(options.dir, doors::http);
    const client::Snapshot snapshot = client::read_snapshot(
        client::body_of(client::fetch(path, client::Purpose::read, "GET", http::events_target(words))));
    client::warn_of_other_version(snapshot.version);
    if (!snapshot.settled)
        client::tell("the daemon is not certain of its state now: it is looking at the kernel again");
    if (!snapshot.published_all)
        client::tell("the daemon publishes only a part ([filter] in its configuration)");
    client::print(text_of(snapshot, options));
    return exit_code::ok;
}

}  // namespace nlwatch::commands
