#include "config/read_value.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>

#include "config/checked.hpp"
#include "config/hints.hpp"
#include "config/values.hpp"
#include "config/words.hpp"
#include "record/safe_text.hpp"

namespace nlwatch::config {

namespace {

constexpr std::size_t longest_group = 32;  // of groupadd(8)
constexpr std::size_t most_tags = 32, longest_tag_key = 64, longest_tag_value = 256;

std::string meaning(const std::optional<std::string>& meant) {
    return meant ? fmt::format(" (did you mean \"{}\"?)", *meant) : "";
}

std::string shown(std::string_view text) { return fmt::format("\"{}\"", record::safe(text)); }

// The text of a value that people may write with or without quotes.
std::string plain_text(const TableReader& reader, const toml::node& node) {
    if (const auto* text = node.as_string()) return text->get();
    return node.is_number() ? std::string{reader.diagnostics().source(span_of(node.source()))} : "";
}

void wrong_value(TableReader& reader, std::string_view key, const toml::node& node, std::string_view wanted,
                 const std::optional<std::string>& meant) {
    const std::string text = plain_text(reader, node);
    const std::string is = node.is_string() ? shown(text) : std::string{type_of(node)};
    reader.error(key, node, fmt::format("{}; is {}{}", wanted, is, meaning(meant)));
}

}  // namespace

const std::string* take_path(TableReader& reader, std::string_view key) {
    const auto* path = reader.take_string(key);
    if (!path) return nullptr;
    if (path->get().starts_with('/') && path->get().find('\0') == std::string::npos) return &path->get();
    reader.error(key, *path, "must be a path from the root on, with '/' in front");
    return nullptr;
}

void read(TableReader& reader, std::string_view key, std::size_t& bytes, const rule::Size& rule) {
    const toml::node* node = reader.take(key);
    if (!node) return;
    std::optional<std::uint64_t> value;
    if (const auto* number = node->as_integer(); number && number->get() >= 0)
        value = static_cast<std::uint64_t>(number->get());
    else if (const auto* text = node->as_string())
        value = parse_size(text->get());
    if (!value)
        return wrong_value(reader, key, *node, "must be a size such as \"8 MiB\", or a number of bytes",
                           meant_size(plain_text(reader, *node)));
    if (*value < rule.least || *value > rule.most)
        return reader.error(
            key, *node, fmt::format("must be from {} to {}", size_text(rule.least), size_text(rule.most)));
    bytes = static_cast<std::size_t>(*value);
}

void read(TableReader& reader, std::string_view key, std::size_t& value, const rule::Count& rule) {
    const toml::node* node = reader.take(key);
    if (!node) return;
    const auto* number = node->as_integer();
    if (!number) return reader.wrong_type(key, *node, "must be a whole number, without quotes");
    if (number->get() < static_cast<std::int64_t>(rule.least) ||
        number->get() > static_cast<std::int64_t>(rule.most))
        return reader.error(key, *node, fmt::format("must be from {} to {}", rule.least, rule.most));
    value = static_cast<std::size_t>(number->get());
}

void read(TableReader& reader, std::string_view key, std::chrono::milliseconds& value,
          const rule::Duration& rule) {
    const toml::node* node = reader.take(key);
    if (!node) return;
    const auto* text = node->as_string();
    const auto parsed = text ? parse_duration(text->get()) : std::nullopt;
    if (!parsed)
        return wrong_value(reader, key, *node,
                           "must be a duration such as \"250 ms\", \"1 s\", \"15 min\" or \"2 h\"",
                           meant_duration(plain_text(reader, *node)));
    if (*parsed < rule.least)
        return reader.error(key, *node, "must be at least " + duration_text(rule.least));
    value = *parsed;
}

void read(TableReader& reader, std::string_view key, bool& value, const rule::Flag&) {
    const toml::node* node = reader.take(key);
    if (!node) return;
    const auto* flag = node->as_boolean();
    if (flag) return void(value = flag->get());
    const std::string text = plain_text(reader, *node);
    reader.wrong_type(key, *node, "must be true or false, without quotes",
                      text == "true" || text == "false" ? text : "");
}

void read(TableReader& reader, std::string_view key, std::optional<unsigned>& mode, const rule::Mode&) {
    const toml::node* node = reader.take(key);
    if (!node) return;
    const auto* text = node->as_string();
    const auto parsed = text ? parse_mode(text->get()) : std::nullopt;
    if (!parsed)
        return wrong_value(reader, key, *node,
                           "must be a file mode as four octal digits in quotes, at most \"0777\"",
                           meant_mode(plain_text(reader, *node)));
    mode = *parsed;
}

// Whether there is such a group is known where the socket is made: a file may be checked on another machine.
void read(TableReader& reader, std::string_view key, std::optional<std::string>& group, const rule::Group&) {
    const auto* name = reader.take_string(key);
    if (!name) return;
    if (name->get().size() > longest_group ||
        name->get().find_first_of(std::string_view{": \t\n\0", 5}) != std::string::npos)
        return reader.error(key, *name, "must be a group's name, or \"\" for the daemon's own group");
    group = name->get();
}

void read(TableReader& reader, std::string_view key, std::optional<std::string>& folder,
          const rule::Folder&) {
    const std::string* path = take_path(reader, key);
    if (!path) return;
    constexpr std::size_t longest = longest_socket_path - std::string_view{"/control.sock"}.size();
    if (path->size() > longest)
        return reader.error(
            key, *reader.peek(key),
            fmt::format("is too long for sockets: {} bytes, where at most {} fit", path->size(), longest));
    folder = *path;
}

void read(TableReader& reader, std::string_view key, std::optional<std::string>& file, const rule::File&) {
    const std::string* path = take_path(reader, key);
    if (!path) return;
    if (path->ends_with('/')) return reader.error(key, *reader.peek(key), "must be a file; names a folder");
    file = *path;
}

void read(TableReader& reader, std::string_view key, LogLevels& levels, const rule::Levels&) {
    const auto* text = reader.take_string(key);
    if (!text) return;
    auto parsed = parse_log_levels(text->get());
    if (const auto* wrong = std::get_if<std::string>(&parsed)) return reader.error(key, *text, *wrong);
    levels = std::get<LogLevels>(std::move(parsed));
}

void read(TableReader& reader, std::string_view key, record::Globs& globs, const rule::Globs& rule) {
    const toml::array* list = reader.take_strings(key);
    if (!list) return;
    if (list->empty()) return reader.error(key, *list, "must not be empty: [\"*\"] stands for all");
    std::vector<std::string> patterns;
    for (const toml::node& element : *list) {
        patterns.push_back(element.as_string()->get());
        if (const auto wrong = wrong_pattern(patterns.back(), rule.over)) reader.error(key, element, *wrong);
    }
    if (patterns == std::vector<std::string>{"*"}) patterns.clear();  // the one way in which Globs say "all"
    globs = record::Globs{std::move(patterns)};
}

void read(TableReader& reader, std::string_view key, record::Transitions& transitions,
          const rule::Transitions&) {
    const toml::array* list = reader.take_strings(key);
    if (!list) return;
    if (list->empty())
        return reader.error(key, *list, "must not be empty: leave the key out for records of all kinds");
    const auto names = transition_names();
    for (const toml::node& element : *list)
        if (const auto bit = checked_word(reader, key, element, "transition", names))
            transitions |= static_cast<record::Transitions>(1 << *bit);
}

void read(TableReader& reader, std::string_view key, std::vector<std::string>& hosts, const rule::Hosts&) {
    const toml::array* list = reader.take_strings(key);
    if (!list) return;
    hosts.clear();
    for (const toml::node& element : *list) {
        hosts.push_back(element.as_string()->get());
        if (const auto wrong = wrong_host(hosts.back())) reader.error(key, element, *wrong);
    }
}

void read(TableReader& reader, std::string_view key, SocketAddress& address, const rule::Address&) {
    if (!reader.peek(key))
        return reader.take(key),
               reader.error_here("the address is missing, such as: address = \"127.0.0.1:9617\"");
    const auto* text = reader.take_string(key);
    if (!text) return;
    auto parsed = parse_address(text->get());
    if (const auto* wrong = std::get_if<std::string>(&parsed)) return reader.error(key, *text, *wrong);
    address = std::get<SocketAddress>(std::move(parsed));
}

void read(TableReader& reader, std::string_view key, http::GroupSet& routes, const rule::Routes&) {
    const toml::array* list = reader.take_strings(key);
    if (!list) return;
    if (list->empty())
        return reader.error(
            key, *list, fmt::format("must not be empty; there are: {}", fmt::join(http::group_names, " ")));
    routes = {};
    for (const toml::node& element : *list)
        if (const auto index = checked_word(reader, key, element, "route", http::group_names))
            routes.add(static_cast<http::Group>(*index));
}

void read(TableReader& above, std::string_view key, std::map<std::string, std::string>& tags,
          const rule::Tags&) {
    const toml::table* table = above.take_table(key);
    if (!table) return;
    TableReader reader = above.below(key, *table, false);
    if (table->size() > most_tags)
        reader.error_here(fmt::format("{} tags, where at most {} are taken", table->size(), most_tags));
    for (const auto& [tag, node] : *table) {
        if (tag.str().empty() || tag.str().size() > longest_tag_key)
            reader.error(tag.str(), node, fmt::format("a tag's name has 1 to {} bytes", longest_tag_key));
        const auto* text = reader.take_text(tag.str());
        if (text && text->get().size() > longest_tag_value)
            reader.error(tag.str(), node, fmt::format("must have at most {} bytes", longest_tag_value));
        if (text) tags[std::string{tag.str()}] = text->get();
    }
}

}  // namespace nlwatch::config
