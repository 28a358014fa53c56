#include "reader_options.hpp"

#include <unistd.h>

#include <cstdlib>
#include <utility>

#include "failure.hpp"

namespace nlwatch {

backlog::Request request_of(const ReaderOptions& options) {
    auto read = backlog::read_request(options);
    if (const auto* wrong = std::get_if<std::string>(&read)) throw Failure{exit_code::usage, *wrong};
    return std::get<backlog::Request>(std::move(read));
}

ReaderOptions for_people(ReaderOptions options) {
    if (!options.snapshot && options.limit != 0u) options.snapshot = false;
    return options;
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
