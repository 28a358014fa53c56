#include "app/sink_factory.hpp"

#include <spdlog/spdlog.h>

#include <array>
#include <chrono>
#include <cstring>
#include <system_error>

#include "failure.hpp"
#include "rate_limit.hpp"
#include "record/safe_text.hpp"
#include "sink/log.hpp"
#include "sink/push_socket.hpp"
#if NLWATCH_WEBHOOK
#include "app/webhook_settings.hpp"
#endif

namespace nlwatch {

namespace {

using namespace std::chrono_literals;

// `more` is what its constructor takes before the settings.
template <class Kind, class... More>
PreparedSink prepared(typename Kind::Settings settings, More&... more) {
    PreparedSink sink;
    sink.make = [settings, &more...] {
        const auto made = std::make_shared<Kind>(more..., settings);
        if constexpr (requires { made->start(); }) made->start();
        return made;
    };
    sink.change = [settings](sink::Destination& running) { static_cast<Kind&>(running).set(settings); };
    return sink;
}

std::shared_ptr<sink::Output> open_file(const config::Sink& config) {
    try {
        return std::make_shared<sink::Output>(*config.file);
    } catch (const std::system_error& error) {
        throw Failure{exit_code::failure,
                      fmt::format("the file of sink '{}': {}; see that its folder is there and that this "
                                  "user may write to it",
                                  config.name, error.what())};
    }
}

PreparedSink prepare_log(const config::Sink& config, const SinkMeans& means) {
    const bool json = config.format == config::Sink::Format::json;
    sink::LogSink::Settings settings;
    settings.output = config.file ? open_file(config) : means.log.standard_error();
    settings.alone = config.file.has_value();
    settings.json = json;
    settings.colour = !config.file && means.log.coloured();
    settings.line = config.file ? log::Log::file_line(json) : means.log.line(json);
    settings.tell = tell_of(config.name);
    settings.not_opened = [name = config.name, file = config.file.value_or("")](const std::string& why) {
        log::of("sink").error("sink '{}': cannot open {} again: {}; the file that was open goes on", name,
                              file, why);
    };
    return prepared<sink::LogSink>(std::move(settings));
}

PreparedSink prepare_socket(const config::Sink& config, const SinkMeans& means) {
    sink::PushSocket::Settings settings;
    settings.path = config.address.path;
    settings.host = config.address.host;
    settings.port = std::to_string(config.address.port);
    settings.tell = tell_of(config.name);
    return prepared<sink::PushSocket>(std::move(settings), means.executor);
}

PreparedSink prepare_webhook([[maybe_unused]] const config::Sink& config,
                             [[maybe_unused]] const SinkMeans& means) {
#if NLWATCH_WEBHOOK
    webhook::Webhook::Settings settings = webhook_settings(config, means.identity);
    settings.tell = tell_of(config.name);
    return prepared<webhook::Webhook>(std::move(settings), means.executor);
#else
    return {};  // the configuration has refused it
#endif
}

spdlog::level::level_enum level_of(sink::Tone tone) {
    switch (tone) {
        case sink::Tone::well:
            return spdlog::level::info;
        case sink::Tone::trouble:
            return spdlog::level::warn;
        case sink::Tone::loss:
            break;
    }
    return spdlog::level::err;
}

// By config::Sink::Type.
constexpr std::array prepare{prepare_log, prepare_socket, prepare_webhook};

}  // namespace

PreparedSink prepare_sink(const config::Sink& config, const SinkMeans& means) {
    return prepare[static_cast<std::size_t>(config.type)](config, means);
}

sink::Tell tell_of(const std::string& sink) {
    return [sink,
            limits = std::array<RateLimit, 3>{RateLimit{3, 1min}, RateLimit{1, 1min}, RateLimit{1, 1min}}](
               sink::Tone tone, std::string_view words) mutable {
        const auto held_back = limits[static_cast<std::size_t>(tone)].pass(std::chrono::steady_clock::now());
        if (!held_back) return;
        log::of("sink").log(level_of(tone), "sink '{}': {}{}", sink, record::safe(words),
                            held_back_text(*held_back));
    };
}

}  // namespace nlwatch
