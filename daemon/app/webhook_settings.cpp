#include "app/webhook_settings.hpp"

#include <spdlog/fmt/fmt.h>

#include <string_view>
#include <utility>

#include "config/receiver.hpp"
#include "failure.hpp"
#include "secret.hpp"
#include "webhook/tls_files.hpp"

namespace nlwatch {

namespace {

[[noreturn]] void refuse(const std::string& what, std::string_view why) {
    throw Failure{exit_code::configuration, fmt::format("{}: {}", what, why)};
}

std::vector<webhook::Secret> signing_secrets(const config::Sink& config) {
    if (!config.secret.said()) return {};
    const std::string what = fmt::format("the secrets of sink '{}'", config.name);
    try {
        return webhook::parse_secrets(read_secret(config.secret, what));
    } catch (const webhook::BadSecrets& wrong) {
        refuse(fmt::format("{}: {}", what, place_text(config.secret)),
               fmt::format("{}; a secret is a line of whsec_ and the base64 of {} to {} random bytes: echo "
                           "whsec_$(head -c 32 /dev/urandom | base64)",
                           wrong.what(), webhook::Secret::least, webhook::Secret::most));
    }
}

// What could never be sent is told here, and not at each attempt.
void authenticate(webhook::Request& request, const config::Sink& config) {
    if (!config.auth.secret.said()) return;
    const std::string what = fmt::format("'auth' of sink '{}'", config.name);
    std::string secret = read_secret_line(config.auth.secret, what);
    request.user = config.auth.user.value_or("");
    if (request.user.empty() && secret.find(' ') != std::string::npos)
        refuse(fmt::format("{}: {}", what, place_text(config.auth.secret)),
               "no token has a blank in it; if it is a password, its user is missing");
    (request.user.empty() ? request.bearer : request.password) = std::move(secret);
}

void show_and_trust(webhook::Request& request, const config::Sink& config) {
    const std::string what = fmt::format("'tls' of sink '{}'", config.name);
    request.ca_file = config.tls.ca_file.value_or("");
    request.certificate_file = config.tls.certificate_file.value_or("");
    if (config.tls.key.said()) request.key = read_secret(config.tls.key, what);
    if (const auto wrong = webhook::fault_of_tls(request)) refuse(what, *wrong);
}

webhook::Request request(const config::Sink& config) {
    webhook::Request request;
    request.url = config.url;
    for (const auto& [name, value] : config.headers) request.headers.push_back(name + ": " + value);
    request.proxy = config.proxy.value_or("");
    request.connect_timeout = config.connect_timeout;
    request.timeout = config.timeout;
    authenticate(request, config);
    show_and_trust(request, config);
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
