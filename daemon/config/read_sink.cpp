// The values of keys that only sinks have.
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <set>

#include "config/checked.hpp"
#include "config/read_value.hpp"
#include "config/receiver.hpp"
#include "record/safe_text.hpp"

namespace nlwatch::config {

namespace {

constexpr std::size_t longest_name = 64, longest_credential = 255, longest_prefix = 128;
constexpr std::size_t most_headers = 32, longest_header = 8 * 1024;

constexpr std::string_view letters_and_digits =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

// Of letters, digits and `others`.
bool is_word(std::string_view text, std::string_view others) {
    const std::string known = std::string{letters_and_digits} + std::string{others};
    return !text.empty() && text.find_first_not_of(known) == std::string_view::npos;
}

bool has_control(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x20 || byte == 0x7f;
    });
}

std::string lower(std::string_view text) {
    std::string lower{text};
    for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return lower;
}

// What is wrong with a header's name; null if nothing is.
std::optional<std::string> wrong_header_name(std::string_view name) {
    if (!is_word(name, "!#$%&'*+-.^_`|~"))  // a token of RFC 9110
        return "is no header's name: these are of letters, digits and '-'";
    static constexpr std::array<std::string_view, 5> own{"content-type", "content-length", "host",
                                                         "transfer-encoding", "connection"};
    const std::string known = lower(name);
    if (known == "authorization")
        return "the token or password goes into auth, which takes it from a credential or a file";
    if (known.starts_with("webhook-") || std::find(own.begin(), own.end(), known) != own.end())
        return "the sink writes this header itself";
    return std::nullopt;
}

// Likewise of its value. (libcurl takes a header without a value for one that is to be left out.)
std::optional<std::string> wrong_header_value(std::string_view value) {
    if (has_control(value)) return "no line break and no other control character can stand in a header";
    if (value.find_first_not_of(' ') == std::string_view::npos) return "must not be empty";
    if (value.size() > longest_header) return fmt::format("must have at most {} bytes", longest_header);
    return std::nullopt;
}

template <class Enum, class Words>
void read_word(TableReader& reader, std::string_view key, Enum& value, std::string_view what,
               const Words& words) {
    if (const auto* text = reader.take_string(key))
        if (const auto index = checked_word(reader, key, *text, what, words))
            value = static_cast<Enum>(*index);
}

}  // namespace

void read(TableReader& reader, std::string_view key, std::string& name, const rule::SinkName&) {
    if (!reader.peek(key))
        return reader.take(key), reader.error_here("the name is missing, such as: name = \"log\"");
    const auto* text = reader.take_string(key);
    if (!text) return;
    const std::string& given = text->get();
    if (given.size() > longest_name)
        return reader.error(
            key, *text,
            fmt::format("is too long: {} letters, where at most {} may be", given.size(), longest_name));
    if (given.empty() ||
        given.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-") != std::string::npos)
        return reader.error(key, *text,
                            fmt::format("must be of lower case letters, digits, '-' and '_'; is \"{}\"",
                                        record::safe(given)));
    name = given;
}

void read(TableReader& reader, std::string_view key, Sink::Type& type, const rule::SinkType&) {
    if (!reader.peek(key))
        return reader.take(key), reader.error_here(fmt::format("the type is missing; there are: {}",
                                                               fmt::join(sink_type_names, " ")));
    read_word(reader, key, type, "sink type", sink_type_names);
}

void read(TableReader& reader, std::string_view key, Sink::Format& format, const rule::SinkFormat&) {
    read_word(reader, key, format, "format", sink_format_names);
}

void read(TableReader& reader, std::string_view key, Sink::OnStart& on_start, const rule::OnStart&) {
    read_word(reader, key, on_start, "word", on_start_names);
}

void read(TableReader& reader, std::string_view key, Sink::AfterGap& after_gap, const rule::AfterGap&) {
    read_word(reader, key, after_gap, "word", after_gap_names);
}

void read(TableReader& reader, std::string_view key, Endpoint& address, const rule::Destination&) {
    const auto* text = reader.take_string(key);
    if (!text) return;
    auto parsed = parse_endpoint(text->get());
    if (const auto* wrong = std::get_if<std::string>(&parsed)) return reader.error(key, *text, *wrong);
    address = std::get<Endpoint>(std::move(parsed));
}

void read(TableReader& reader, std::string_view key, std::string& url, const rule::Url&) {
    const auto* text = reader.take_string(key);
    if (!text) return;
    if (const auto wrong = wrong_url(text->get())) return reader.error(key, *text, *wrong);
    url = text->get();
}

void read(TableReader& reader, std::string_view key, std::optional<std::string>& proxy, const rule::Proxy&) {
    const auto* text = reader.take_string(key);
    if (!text) return;
    if (const auto wrong = wrong_proxy(text->get())) return reader.error(key, *text, *wrong);
    proxy = text->get();
}

void read(TableReader& above, std::string_view key, std::map<std::string, std::string>& headers,
          const rule::Headers&) {
    const toml::table* table = above.take_table(key);
    if (!table) return;
    TableReader reader = above.below(key, *table, false);
    if (table->size() > most_headers)
        reader.error_here(fmt::format("{} headers, where at most {} are taken", table->size(), most_headers));
    std::set<std::string> names;
    for (const auto& [header, node] : *table) {
        const auto* text = reader.take_string(header.str());
        if (const auto wrong = wrong_header_name(header.str())) {
            reader.error(header.str(), node, *wrong);
        } else if (!names.insert(lower(header.str())).second) {
            reader.error(header.str(), node, "is there already: upper and lower case are the same here");
        } else if (text) {
            if (const auto wrong_value = wrong_header_value(text->get()))
                reader.error(header.str(), node, *wrong_value);
            headers[std::string{header.str()}] = text->get();
        }
    }
}

void read(TableReader& reader, std::string_view key, std::optional<std::string>& credential,
          const rule::Credential&) {
    const auto* text = reader.take_string(key);
    if (!text) return;
    const std::string& name = text->get();
    if (name.starts_with("whsec_"))
        return reader.error(
            key, *text,
            "is the secret itself, which must not stand here: write the name of a credential, "
            "or secret_file = \"/path\"");
    if (!is_word(name, "._-") || name == "." || name == ".." || name.size() > longest_credential)
        return reader.error(
            key, *text,
            "must be a credential's name, as in LoadCredential=NAME:/path: of letters, digits, "
            "'.', '_' and '-'");
    credential = name;
}

void read(TableReader& reader, std::string_view key, std::optional<std::string>& user, const rule::User&) {
    const auto* text = reader.take_string(key);
    if (!text) return;
    if (text->get().empty() || has_control(text->get()) || text->get().find(':') != std::string::npos)
        return reader.error(key, *text, "must be a user's name, without ':'");
    user = text->get();
}

void read(TableReader& reader, std::string_view key, std::string& prefix, const rule::TypePrefix&) {
    const auto* text = reader.take_string(key);
    if (!text) return;
    const bool plain = std::all_of(text->get().begin(), text->get().end(),
                                   [](char c) { return c > ' ' && c < 0x7f && c != '"' && c != '\\'; });
    if (!plain || text->get().size() > longest_prefix)
        return reader.error(key, *text,
                            fmt::format("must be ASCII without blanks, quotes and backslashes, of at most {} "
                                        "characters, such as \"org.example.nlwatch.\"",
                                        longest_prefix));
    prefix = text->get();
}

}  // namespace nlwatch::config
