#include "reader_options.hpp"

#include <spdlog/fmt/fmt.h>
#include <unistd.h>

#include <cstdlib>

#include "config/values.hpp"
#include "failure.hpp"

namespace nlwatch {

namespace {

record::Transitions transitions_named(const std::vector<std::string>& names) {
    record::Transitions set = 0;
    for (const std::string& name : names) {
        if (const auto transition = record::transition_named(name)) {
            set |= *transition;
            continue;
        }
        std::vector<std::string_view> known;
        for (int bit = 0; bit < record::transition_count; ++bit)
            known.push_back(record::transition_name(bit));
        const auto meant = config::nearest(name, known);
        throw Failure{exit_code::usage, fmt::format("unknown transition '{}'{}; there are: {}", name,
                                                    meant ? fmt::format(" (did you mean '{}'?)", *meant) : "",
                                                    fmt::join(known, " "))};
    }
    return set;
}

}  // namespace

backlog::Request request_of(const ReaderOptions& options) {
    backlog::Request request;
    const record::Scope scope{record::Globs{options.kinds}, record::Globs{options.interfaces},
                              record::Globs{options.link_kinds}};
    if (!scope.everything()) request.filter.scopes.push_back(scope);
    request.filter.types = record::Globs{options.types};
    request.filter.transitions = transitions_named(options.transitions);
    if (options.since) {
        request.since = record::parse_position(*options.since);
        if (!request.since)
            throw Failure{exit_code::usage,
                          fmt::format("--since '{}' is not a position: it is <run>:<seq>, such as "
                                      "4f1c2a9be07d4c55:123998",
                                      *options.since)};
    }
    request.snapshot = options.snapshot;
    request.limit = options.limit;
    return request;
}

bool OutputOptions::json(int descriptor) const {
    return format == Format::json || (format == Format::automatic && !::isatty(descriptor));
}

bool OutputOptions::coloured(int descriptor) const {
    if (colour != Colour::automatic) return colour == Colour::always;
    const char* no_colour = std::getenv("NO_COLOR");  // https://no-color.org: set and not empty
    return ::isatty(descriptor) && !(no_colour && *no_colour);
}

}  // namespace nlwatch
