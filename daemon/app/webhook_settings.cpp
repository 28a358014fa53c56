#include "app/webhook_settings.hpp"

#include <spdlog/fmt/fmt.h>

#include <utility>

#include "config/receiver.hpp"
#include "failure.hpp"
#include "secret.hpp"

namespace nlwatch {

namespace {

std::vector<webhook::Secret> signing_secrets(const config::Sink& config) {
    if (!config.secret.said()) return {};
    const std::string what = fmt::format("sink '{}'", config.name);
    try {
        return webhook::parse_secrets(read_secret(config.secret, what));
    } catch (const webhook::BadSecrets& wrong) {
        throw Failure{exit_code::configuration, fmt::format("the secrets of {}: {}", what, wrong.what())};
    }
}

webhook::Request request(const config::Sink& config) {
    webhook::Request request;
    request.url = config.url;
    for (const auto& [name, value] : config.headers) request.headers.push_back(name + ": " + value);
    request.proxy = config.proxy.value_or("");
    request.connect_timeout = config.connect_timeout;
    request.timeout = config.timeout;
    if (config.auth.secret.said()) {
        std::string secret = read_secret(config.auth.secret, fmt::format("'auth' of sink '{}'", config.name));
        request.user = config.auth.user.value_or("");
        (request.user.empty() ? request.bearer : request.password) = std::move(secret);
    }
    request.ca_file = config.tls.ca_file.value_or("");
    request.certificate_file = config.tls.certificate_file.value_or("");
    if (config.tls.key.said())
        request.key = read_secret(config.tls.key, fmt::format("'tls' of sink '{}'", config.name));
    return request;
}

}  // namespace

webhook::Webhook::Settings webhook_settings(const config::Sink& config, const record::Identity& identity) {
    webhook::Webhook::Settings settings;
    settings.request = request(config);
    settings.shown_url = config::shown_url(config.url);
    settings.secrets = signing_secrets(config);
    settings.cloud_events = config.format == config::Sink::Format::cloudevents;
    settings.envelope = {.source = record::cloud_event_source(identity), .type_prefix = config.type_prefix};
    settings.batch = config.batch;
    settings.max_age = config.max_age;
    return settings;
}

}  // namespace nlwatch
