// Any bytes as a configuration: taken, or refused in words that can do a terminal no harm.
#include <cstdint>
#include <cstdlib>

#include "config/changes.hpp"
#include "config/load.hpp"

namespace {

using namespace nlwatch;

void require(bool holds) {
    if (!holds) std::abort();
}

void check_refusal(const std::string& errors) {
    require(errors.starts_with("f:") && !errors.ends_with('\n'));
    for (const char c : errors)
        require(c == '\n' || c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f));
    // The source stands in for at most a hundred errors, and of each a window.
    require(errors.size() < 1024 * 1024);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    try {
        const config::Config taken = config::parse({reinterpret_cast<const char*>(data), size}, "f", true);
        require(!taken.sinks.empty() && taken.netlink.receive_buffer <= taken.netlink.receive_buffer_max);
        require(config::changes(taken, taken) == config::Changes{});
        config::changes({}, taken), config::changes(taken, {});
        for (const config::Sink& sink : taken.sinks) {
            require(sink.filter.filter().scopes.size() <= 1);
            require((sink.type == config::Sink::Type::webhook) == (config::shown_url(sink.url) != "…"));
        }
        for (const std::string_view component : config::log_components)
            require(taken.log.level.of(component) <= config::LogLevel::off);
        const config::Config reloaded = config::reloaded({}, taken);
        require(config::changes(reloaded, taken).at_once.empty());
    } catch (const config::ConfigError& refused) {
        check_refusal(refused.errors);
    }
    return 0;
}
