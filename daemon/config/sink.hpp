// [[sink]]: where records go by themselves, of which kind it is, and what such a kind can be told.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>

#include "config/receiver.hpp"
#include "record/filter.hpp"

namespace nlwatch::config {

// A sink's `filter`: the words of record::Filter, each empty = whatever.
struct EventFilter {
    record::Globs kinds, interfaces, link_kinds, types;
    record::Transitions transitions{};

    record::Filter filter() const;
    bool operator==(const EventFilter&) const = default;
};

// Where a secret is, which itself never stands in the configuration. At most one of them is said.
// How it is read: read_secret().
struct Secret {
    std::optional<std::string> credential;   // of systemd.exec(5), LoadCredential=: a plain file name
    std::optional<std::string> secret_file;  // an absolute path

    bool said() const { return credential || secret_file; }
    bool operator==(const Secret&) const = default;
};

// Members below the first few are of some types only (fields.hpp says which), and else as they are here.
struct Sink {
    enum class Type : std::uint8_t { log, socket, webhook };
    enum class Format : std::uint8_t { text, json, cloudevents, native };  // the first two are a log's
    enum class OnStart : std::uint8_t { none, snapshot };
    enum class AfterGap : std::uint8_t { snapshot, proceed };  // proceed: from the oldest record held

    std::string name = "log";  // of [a-z0-9_-]; no two sinks share one
    Type type = Type::log;
    EventFilter filter = edges();  // of other types: every record
    std::chrono::milliseconds down_delay{0}, up_delay{0};

    Format format = Format::text;     // of a webhook: cloudevents
    std::optional<std::string> file;  // an absolute path; not said: the daemon's standard error

    Endpoint address;  // of a socket

    std::string url;  // http or https, without user and password. To be shown by shown_url() alone
    Secret secret;    // the secrets that sign; not said: nothing is signed
    struct Auth {
        std::optional<std::string> user;  // not said: the secret is a bearer token; else a password
        Secret secret;                    // said if there is an Authorization at all
        bool operator==(const Auth&) const = default;
    } auth;
    struct Tls {
        std::optional<std::string> ca_file;           // PEM; not said: those of the system
        std::optional<std::string> certificate_file;  // PEM, of the client; said if `key` is
        Secret key;
        bool operator==(const Tls&) const = default;
    } tls;
    std::map<std::string, std::string> headers;  // no two names differ in case alone. Values may be secret
    std::optional<std::string> proxy;            // http, https or socks5, without user, password and path
    std::size_t batch = 1;                       // events in one request, at most
    std::string type_prefix = "nlwatch.";        // of CloudEvents
    std::chrono::milliseconds connect_timeout{5'000}, timeout{15'000};
    std::chrono::milliseconds max_age{24 * 3'600'000};

    OnStart on_start = OnStart::none;
    AfterGap after_gap = AfterGap::proceed;  // of a socket or webhook whose filter can fold: snapshot

    static EventFilter edges();  // state_up state_down usable unusable
    bool operator==(const Sink&) const = default;
};

class SinkTypes {
public:
    constexpr SinkTypes(std::initializer_list<Sink::Type> types) {
        for (const Sink::Type type : types) bits_ |= bit(type);
    }
    constexpr bool has(Sink::Type type) const { return bits_ & bit(type); }

private:
    static constexpr unsigned bit(Sink::Type type) { return 1u << static_cast<unsigned>(type); }
    unsigned bits_ = 0;
};

}  // namespace nlwatch::config
