// Every key of the configuration: the one list that reading, reloading and the check of nlwatch.toml share.
#pragma once

#include <chrono>
#include <cstddef>
#include <string_view>
#include <tuple>
#include <type_traits>

#include "config/config.hpp"
#include "config/members.hpp"

namespace nlwatch::config {

// What the value of a key must be. How each is read: read_value.hpp.
namespace rule {
struct Size {
    std::size_t least, most;  // bytes
};
struct Count {
    std::size_t least, most;
};
struct Duration {
    std::chrono::milliseconds least;
};
struct Flag {};
struct Mode {};
struct Group {};
struct Folder {};
struct File {};
struct Levels {};
struct Globs {
    enum class Over : std::uint8_t { kinds, interfaces, link_kinds, types } over;
};
struct Transitions {};
struct Hosts {};
struct Address {};
struct Routes {};
struct SinkName {};
struct SinkType {};
struct SinkFormat {};
struct Destination {};  // an Endpoint
struct Url {};
struct Proxy {};
struct Headers {};
struct Credential {};
struct User {};
struct TypePrefix {};
struct OnStart {};
struct AfterGap {};
struct Tags {};
template <class Fields>
struct Table {
    Fields fields;
};
template <class Fields>
struct Tables {  // [[…]]
    Fields fields;
};
template <class Fields>
Table(Fields) -> Table<Fields>;  // clang 16 does not deduce aggregates by itself
template <class Fields>
Tables(Fields) -> Tables<Fields>;
template <class Fields>
struct Within {  // keys of a struct that stand in the table itself: the key of its Field is ""
    Fields fields;
};
template <class Fields>
Within(Fields) -> Within<Fields>;
template <class Rule>
struct Of {  // of sinks of these types only
    SinkTypes types;
    Rule rule;
};
template <class Rule>
Of(SinkTypes, Rule) -> Of<Rule>;
}  // namespace rule

template <class Section, class Value, class Rule>
struct Field {
    std::string_view key;
    Value Section::*member;
    Rule rule;
};

template <class Section, class Value, class Rule>
Field(std::string_view, Value Section::*, Rule) -> Field<Section, Value, Rule>;

// A key of the top level.
enum class Applies : std::uint8_t { at_once, at_restart };  // when a reload has changed it
template <class Value, class Rule>
struct Part {
    std::string_view key;
    Value Config::*member;
    Rule rule;
    Applies applies;
};
template <class Value, class Rule>
Part(std::string_view, Value Config::*, Rule, Applies) -> Part<Value, Rule>;

inline constexpr std::size_t mib = 1024 * 1024;

inline constexpr std::tuple runtime_fields{Field{"dir", &Config::Runtime::dir, rule::Folder{}}};

inline constexpr std::tuple log_fields{Field{"level", &Config::Log::level, rule::Levels{}}};

// The least receive buffer is the kernel's own, SOCK_MIN_RCVBUF.
inline constexpr rule::Size receive_buffer{2'304, 1024 * mib};
inline constexpr std::tuple netlink_fields{
    Field{"receive_buffer", &Config::Netlink::receive_buffer, receive_buffer},
    Field{"receive_buffer_max", &Config::Netlink::receive_buffer_max, receive_buffer},
    Field{"resync_min_interval", &Config::Netlink::resync_min_interval,
          rule::Duration{std::chrono::milliseconds{0}}},
    Field{"audit_interval", &Config::Netlink::audit_interval,
          rule::Duration{std::chrono::milliseconds{100}}}};

inline constexpr std::tuple filter_fields{
    Field{"kind", &record::Scope::kinds, rule::Globs{rule::Globs::Over::kinds}},
    Field{"interface", &record::Scope::interfaces, rule::Globs{rule::Globs::Over::interfaces}},
    Field{"link_kind", &record::Scope::link_kinds, rule::Globs{rule::Globs::Over::link_kinds}}};

inline constexpr std::tuple backlog_fields{
    Field{"bytes", &Config::Backlog::bytes, rule::Size{mib, 64 * 1024 * mib}}};

inline constexpr rule::Count clients{1, 100'000};
inline constexpr std::tuple stream_fields{Field{"mode", &Config::Stream::mode, rule::Mode{}},
                                          Field{"group", &Config::Stream::group, rule::Group{}},
                                          Field{"max_clients", &Config::Stream::max_clients, clients}};

inline constexpr std::tuple listen_fields{Field{"address", &Listen::address, rule::Address{}},
                                          Field{"routes", &Listen::routes, rule::Routes{}},
                                          Field{"insecure", &Listen::insecure, rule::Flag{}}};

inline constexpr std::tuple http_fields{Field{"mode", &Config::Http::mode, rule::Mode{}},
                                        Field{"group", &Config::Http::group, rule::Group{}},
                                        Field{"max_connections", &Config::Http::max_connections, clients},
                                        Field{"hosts", &Config::Http::hosts, rule::Hosts{}},
                                        Field{"listen", &Config::Http::listen, rule::Tables{listen_fields}}};

// Links alone have series of their own, so there are no kinds to choose from.
inline constexpr std::tuple metrics_fields{std::get<1>(filter_fields), std::get<2>(filter_fields)};

inline constexpr std::tuple event_filter_fields{
    Field{"kind", &EventFilter::kinds, rule::Globs{rule::Globs::Over::kinds}},
    Field{"interface", &EventFilter::interfaces, rule::Globs{rule::Globs::Over::interfaces}},
    Field{"link_kind", &EventFilter::link_kinds, rule::Globs{rule::Globs::Over::link_kinds}},
    Field{"type", &EventFilter::types, rule::Globs{rule::Globs::Over::types}},
    Field{"transition", &EventFilter::transitions, rule::Transitions{}}};

inline constexpr std::tuple secret_fields{Field{"credential", &Secret::credential, rule::Credential{}},
                                          Field{"secret_file", &Secret::secret_file, rule::File{}}};
inline constexpr std::tuple auth_fields{Field{"user", &Sink::Auth::user, rule::User{}},
                                        Field{"", &Sink::Auth::secret, rule::Within{secret_fields}}};
inline constexpr std::tuple tls_fields{Field{"ca_file", &Sink::Tls::ca_file, rule::File{}},
                                       Field{"certificate_file", &Sink::Tls::certificate_file, rule::File{}},
                                       Field{"", &Sink::Tls::key, rule::Within{secret_fields}}};

inline constexpr SinkTypes log_only{Sink::Type::log}, socket_only{Sink::Type::socket},
    webhook_only{Sink::Type::webhook}, log_or_webhook{Sink::Type::log, Sink::Type::webhook},
    socket_or_webhook{Sink::Type::socket, Sink::Type::webhook};
inline constexpr rule::Duration any_duration{std::chrono::milliseconds{0}};
inline constexpr rule::Of timeout{webhook_only, rule::Duration{std::chrono::milliseconds{1}}};
inline constexpr std::tuple sink_fields{
    Field{"name", &Sink::name, rule::SinkName{}},
    Field{"type", &Sink::type, rule::SinkType{}},
    Field{"filter", &Sink::filter, rule::Table{event_filter_fields}},
    Field{"down_delay", &Sink::down_delay, any_duration},
    Field{"up_delay", &Sink::up_delay, any_duration},
    Field{"format", &Sink::format, rule::Of{log_or_webhook, rule::SinkFormat{}}},
    Field{"file", &Sink::file, rule::Of{log_only, rule::File{}}},
    Field{"address", &Sink::address, rule::Of{socket_only, rule::Destination{}}},
    Field{"url", &Sink::url, rule::Of{webhook_only, rule::Url{}}},
    Field{"", &Sink::secret, rule::Of{webhook_only, rule::Within{secret_fields}}},
    Field{"auth", &Sink::auth, rule::Of{webhook_only, rule::Table{auth_fields}}},
    Field{"tls", &Sink::tls, rule::Of{webhook_only, rule::Table{tls_fields}}},
    Field{"headers", &Sink::headers, rule::Of{webhook_only, rule::Headers{}}},
    Field{"proxy", &Sink::proxy, rule::Of{webhook_only, rule::Proxy{}}},
    Field{"batch", &Sink::batch, rule::Of{webhook_only, rule::Count{1, 1'000}}},
    Field{"type_prefix", &Sink::type_prefix, rule::Of{webhook_only, rule::TypePrefix{}}},
    Field{"connect_timeout", &Sink::connect_timeout, timeout},
    Field{"timeout", &Sink::timeout, timeout},
    Field{"max_age", &Sink::max_age,
          rule::Of{webhook_only, rule::Duration{std::chrono::milliseconds{1'000}}}},
    Field{"on_start", &Sink::on_start, rule::Of{socket_or_webhook, rule::OnStart{}}},
    Field{"after_gap", &Sink::after_gap, rule::Of{socket_or_webhook, rule::AfterGap{}}}};

inline constexpr std::tuple parts{
    Part{"runtime", &Config::runtime, rule::Table{runtime_fields}, Applies::at_restart},
    Part{"log", &Config::log, rule::Table{log_fields}, Applies::at_once},
    Part{"netlink", &Config::netlink, rule::Table{netlink_fields}, Applies::at_restart},
    Part{"filter", &Config::filter, rule::Table{filter_fields}, Applies::at_once},
    Part{"tags", &Config::tags, rule::Tags{}, Applies::at_once},
    Part{"backlog", &Config::backlog, rule::Table{backlog_fields}, Applies::at_restart},
    Part{"stream", &Config::stream, rule::Table{stream_fields}, Applies::at_restart},
    Part{"http", &Config::http, rule::Table{http_fields}, Applies::at_restart},
    Part{"metrics", &Config::metrics, rule::Table{metrics_fields}, Applies::at_once},
    Part{"sink", &Config::sinks, rule::Tables{sink_fields}, Applies::at_once}};

// A member without a line here could not be set, nor would a reload see that it changed.
template <class Section, class Fields>
constexpr bool complete(const Fields&) {
    return members<Section>() == std::tuple_size_v<Fields>;
}
static_assert(complete<Config>(parts));
static_assert(complete<Config::Runtime>(runtime_fields) && complete<Config::Log>(log_fields) &&
              complete<Config::Netlink>(netlink_fields) && complete<record::Scope>(filter_fields) &&
              complete<Config::Backlog>(backlog_fields) && complete<Config::Stream>(stream_fields) &&
              complete<Config::Http>(http_fields) && complete<Listen>(listen_fields) &&
              complete<Sink>(sink_fields) && complete<EventFilter>(event_filter_fields) &&
              complete<Secret>(secret_fields) && complete<Sink::Auth>(auth_fields) &&
              complete<Sink::Tls>(tls_fields));

// Calls `found(path)` for each key below, tables themselves left out: "netlink.audit_interval",
// "sink.filter.kind", "tags".
template <class Fields, class Found>
void for_each_key(const Fields& fields, const std::string& above, const Found& found);

template <class Rule, class Found>
void keys_of(const Rule&, const std::string& above, std::string_view key, const Found& found) {
    found(above + std::string{key});
}
template <class Fields, class Found>
void keys_of(const rule::Table<Fields>& rule, const std::string& above, std::string_view key,
             const Found& found) {
    for_each_key(rule.fields, above + std::string{key} + ".", found);
}
template <class Fields, class Found>
void keys_of(const rule::Tables<Fields>& rule, const std::string& above, std::string_view key,
             const Found& found) {
    for_each_key(rule.fields, above + std::string{key} + ".", found);
}
template <class Fields, class Found>
void keys_of(const rule::Within<Fields>& rule, const std::string& above, std::string_view,
             const Found& found) {
    for_each_key(rule.fields, above, found);
}
template <class Rule, class Found>
void keys_of(const rule::Of<Rule>& rule, const std::string& above, std::string_view key, const Found& found) {
    keys_of(rule.rule, above, key, found);
}

template <class Fields, class Found>
void for_each_key(const Fields& fields, const std::string& above, const Found& found) {
    std::apply([&](const auto&... field) { (keys_of(field.rule, above, field.key, found), ...); }, fields);
}

}  // namespace nlwatch::config
