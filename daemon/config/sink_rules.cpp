// What the keys of a sink must be together, and what holds for its type where nothing is said.
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>

#include "config/read_value.hpp"
#include "config/values.hpp"
#include "config/words.hpp"

namespace nlwatch::config {

namespace {

using Type = Sink::Type;
constexpr std::array all_types{Type::log, Type::socket, Type::webhook};

std::string_view one(Type type) {
    return type == Type::webhook ? "a webhook" : type == Type::socket ? "a socket sink" : "a log sink";
}

std::string_view many(Type type) {
    return type == Type::webhook ? "webhooks" : type == Type::socket ? "socket sinks" : "log sinks";
}

std::string many(SinkTypes some) {
    std::string text;
    for (const Type type : all_types)
        if (some.has(type)) text += fmt::format("{}{}", text.empty() ? "" : " and ", many(type));
    return text;
}

// Null: it says none that is known, which is told elsewhere.
std::optional<Type> said_type(const TableReader& reader) {
    const toml::node* node = reader.peek("type");
    const auto word = node ? node->value<std::string>() : std::nullopt;
    for (const Type type : all_types)
        if (word == sink_type_names[static_cast<std::size_t>(type)]) return type;
    return std::nullopt;
}

std::vector<std::string_view> formats_of(Type type) {
    const auto& [text, json, cloudevents, native] = sink_format_names;
    if (type == Type::log) return {text, json};
    if (type == Type::webhook) return {cloudevents, native};
    return {};
}

void check_format(const TableReader& reader, Sink& sink) {
    const toml::node* said = reader.peek("format");
    const auto formats = formats_of(sink.type);
    if (!said) {
        if (sink.type == Type::webhook) sink.format = Sink::Format::cloudevents;
        return;
    }
    const std::string_view word = sink_format_names[static_cast<std::size_t>(sink.format)];
    // A format that is none is told already, and so is a format where there are none.
    if (formats.empty() || said->value<std::string>() != word) return;
    if (std::find(formats.begin(), formats.end(), word) == formats.end())
        reader.error("format", *said,
                     fmt::format("'{}' is no format of {}; there are: {}", word, many(sink.type),
                                 fmt::join(formats, " ")));
}

void require_destination(const TableReader& reader, const Sink& sink) {
    if (sink.type == Type::webhook && !reader.peek("url"))
        reader.error_here("the url is missing, such as: url = \"https://example.org/hook\"");
    if (sink.type == Type::socket && !reader.peek("address"))
        reader.error_here(
            "the address is missing, such as: address = \"/run/vector.sock\" or \"127.0.0.1:9000\"");
}

void check_encryption(const TableReader& reader, const Sink& sink) {
    const toml::node* tls = reader.peek("tls");
    const bool encrypted = is_encrypted(sink.url) || (sink.proxy && is_encrypted(*sink.proxy));
    if (tls && !sink.url.empty() && !encrypted)
        reader.error("tls", *tls, "the url begins with \"http://\", without TLS: write \"https://\" there");
    else if (sink.tls.certificate_file && !sink.url.empty() && !is_encrypted(sink.url))
        reader.error(
            "tls", *tls,
            "a client's certificate is for the receiver, whose url begins with \"http://\", without TLS");
}

void check_timeouts(const TableReader& reader, const Sink& sink) {
    if (sink.timeout >= sink.connect_timeout) return;
    const auto bound = [&](std::string_view key, std::chrono::milliseconds value) {
        return fmt::format("{} ({}{})", key, duration_text(value), reader.peek(key) ? "" : ", the default");
    };
    if (const toml::node* timeout = reader.peek("timeout"))
        reader.error("timeout", *timeout,
                     "connecting is a part of it: must not be shorter than " +
                         bound("connect_timeout", sink.connect_timeout));
    else
        reader.error("connect_timeout", *reader.peek("connect_timeout"),
                     "is a part of the timeout: must not be longer than " + bound("timeout", sink.timeout));
}

// Who is given the state can follow it only if nothing is left out.
void check_state(const TableReader& reader, Sink& sink) {
    const bool foldable = sink.filter.filter().foldable();
    for (const auto& [key, delay] : {std::pair{"down_delay", sink.down_delay}, {"up_delay", sink.up_delay}})
        if (foldable && delay.count() > 0)
            if (const toml::node* said = reader.peek(key))
                reader.error(
                    key, *said,
                    "leaves changes out, so that who is given every change would be misled: choose by "
                    "transition, such as filter = { transition = [\"state_up\", \"state_down\"] }");
    if (!SinkTypes{Type::socket, Type::webhook}.has(sink.type)) return;
    for (const std::string_view key : {"on_start", "after_gap"})
        if (const toml::node* said = reader.peek(key);
            said && !foldable && said->value<std::string>() == "snapshot")
            reader.error(
                key, *said,
                "a filter with type or transition chooses events, which come without a snapshot of the "
                "state: leave one of them out");
    if (foldable && !reader.peek("after_gap")) sink.after_gap = Sink::AfterGap::snapshot;
}

}  // namespace

bool may_have(TableReader& reader, std::string_view key, SinkTypes types) {
    const auto type = said_type(reader);
    if (type ? types.has(*type) : !reader.peek("type")) return true;
    if (!reader.peek(key)) return false;
    const toml::node& node = *reader.take(key);
    if (type) reader.error(key, node, fmt::format("a key of {}; this is {}", many(types), one(*type)));
    return false;
}

void finish_within(TableReader& reader, const Secret&) {
    const toml::node* file = reader.peek("secret_file");
    if (file && reader.peek("credential"))
        reader.error("secret_file", *file, "there is a credential already: leave one of them out");
}

void finish(TableReader& reader, const Sink::Auth&) {
    reader.finish();
    if (!reader.peek("credential") && !reader.peek("secret_file"))
        reader.error_here(
            "the token or password is missing, such as: credential = \"NAME\" or secret_file = "
            "\"/path\"");
}

void finish(TableReader& reader, const Sink::Tls&) {
    reader.finish();
    const toml::node* certificate = reader.peek("certificate_file");
    const toml::node* credential = reader.peek("credential");
    const toml::node* key = credential ? credential : reader.peek("secret_file");
    if (certificate && !key)
        reader.error("certificate_file", *certificate,
                     "its key is missing, such as: credential = \"NAME\" or secret_file = \"/path\"");
    if (key && !certificate)
        reader.error(credential ? "credential" : "secret_file", *key,
                     "is the key of a client certificate, which is missing: certificate_file = \"/path\"");
}

void finish(TableReader& reader, Sink& sink) {
    if (!said_type(reader)) {
        // Of a sink of another build's type nobody knows the keys.
        return reader.peek("type") ? reader.ignore_rest() : reader.finish();
    }
    reader.finish();
    if (!reader.peek("filter") && sink.type != Type::log) sink.filter = {};
    check_format(reader, sink);
    require_destination(reader, sink);
    check_encryption(reader, sink);
    check_timeouts(reader, sink);
    check_state(reader, sink);
}

void refuse_webhooks(const TableReader& reader) {
    const toml::node* sinks = reader.peek("sink");
    if (!sinks || !sinks->is_array_of_tables()) return;
    for (const toml::node& sink : *sinks->as_array()) {
        const TableReader table = reader.below("sink", *sink.as_table(), true);
        if (said_type(table) == Type::webhook)
            table.error("type", *table.peek("type"),
                        "this build has no webhooks: it was built without libcurl and OpenSSL");
    }
}

}  // namespace nlwatch::config
