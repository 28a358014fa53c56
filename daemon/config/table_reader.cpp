#include "config/table_reader.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>

#include "config/fields.hpp"
#include "config/hidden.hpp"
#include "record/nearest.hpp"
#include "record/safe_text.hpp"

namespace nlwatch::config {

namespace {

std::string header(std::string_view path, bool listed) {
    return listed ? fmt::format("[[{}]]", path) : fmt::format("[{}]", path);
}

// Where the key is known that is unknown here: it may only stand in the wrong place.
std::string elsewhere(std::string_view key, const std::string& here) {
    std::vector<std::string> places;
    for_each_key(parts, "", [&](const std::string& path) {
        const std::size_t dot = path.rfind('.');
        if (dot == std::string::npos || path.substr(dot + 1) != key) return;
        const std::string table = path.substr(0, dot);
        const bool listed = table == "sink" || table == "http.listen";
        if (table != here) places.push_back(header(table, listed));
    });
    return fmt::format("{}", fmt::join(places, " or "));
}

}  // namespace

Span span_of(const toml::source_region& region) {
    return {{region.begin.line, region.begin.column}, {region.end.line, region.end.column}};
}

std::string_view type_of(const toml::node& node) {
    switch (node.type()) {
        case toml::node_type::table:
            return "a table";
        case toml::node_type::array:
            return "a list";
        case toml::node_type::string:
            return "a string";
        case toml::node_type::integer:
            return "an integer";
        case toml::node_type::floating_point:
            return "a number with a fraction";
        case toml::node_type::boolean:
            return "a boolean";
        default:
            return "a date or time";
    }
}

std::string TableReader::title() const { return path_.empty() ? "" : header(path_, listed_); }

std::string TableReader::path_of(std::string_view key) const {
    return path_.empty() ? std::string{key} : fmt::format("{}.{}", path_, key);
}

std::string TableReader::name(std::string_view key) const {
    const std::string shown = record::safe(key);
    return path_.empty() ? fmt::format("'{}'", shown) : fmt::format("'{}' in {}", shown, title());
}

void TableReader::error(std::string_view key, const toml::node& at, std::string_view message) const {
    diagnostics_.error(span_of(at.source()), fmt::format("{}: {}", name(key), message));
}

void TableReader::error_here(std::string_view message) const {
    diagnostics_.error(span_of(table_.source()), fmt::format("{}: {}", title(), message));
}

void TableReader::wrong_type(std::string_view key, const toml::node& at, std::string_view wanted,
                             std::string_view meant) const {
    error(key, at,
          fmt::format("{}; is {}{}", wanted, type_of(at),
                      meant.empty() ? "" : fmt::format(" (did you mean {}?)", meant)));
}

const toml::node* TableReader::take(std::string_view key) {
    known_.emplace_back(key);
    const toml::node* node = table_.get(key);
    if (node && may_hold_secret(path_of(key))) hide(diagnostics_, *node);
    return node;
}

bool TableReader::is_taken(std::string_view key) const {
    return std::find(known_.begin(), known_.end(), key) != known_.end();
}

std::string_view TableReader::quoted_source(const toml::node& node) const {
    return diagnostics_.source(span_of(node.source()));
}

const toml::value<std::string>* TableReader::take_string(std::string_view key) {
    const toml::node* node = take(key);
    if (node && !node->is_string()) wrong_type(key, *node, "must be a string");
    return node ? node->as_string() : nullptr;
}

const toml::value<std::string>* TableReader::take_text(std::string_view key) {
    const toml::node* node = take(key);
    if (node && !node->is_string())
        wrong_type(key, *node, "must be a string",
                   node->is_value() ? fmt::format("\"{}\"", quoted_source(*node)) : std::string{});
    return node ? node->as_string() : nullptr;
}

const toml::array* TableReader::take_strings(std::string_view key) {
    const toml::node* node = take(key);
    if (!node) return nullptr;
    const toml::array* list = node->as_array();
    if (!list) {
        const bool one = node->is_string() && node->source().begin.line == node->source().end.line;
        wrong_type(key, *node, "must be a list of strings",
                   one ? fmt::format("[{}]", quoted_source(*node)) : std::string{});
        return nullptr;
    }
    bool strings = true;
    for (const toml::node& element : *list) {
        if (element.is_string()) continue;
        wrong_type(key, element, "must be a list of strings only");
        strings = false;
    }
    return strings ? list : nullptr;
}

const toml::table* TableReader::take_table(std::string_view key) {
    const toml::node* node = take(key);
    if (!node || node->is_table()) return node ? node->as_table() : nullptr;
    const std::string path = path_of(key);
    hide(diagnostics_, *node);
    if (node->is_array_of_tables())
        error(key, *node, fmt::format("there is only one: write [{}], in single brackets", path));
    else
        wrong_type(key, *node, fmt::format("must be a table, [{}]", path));
    return nullptr;
}

const toml::array* TableReader::take_tables(std::string_view key) {
    const toml::node* node = take(key);
    if (!node) return nullptr;
    const toml::array* list = node->as_array();
    const std::string path = path_of(key);
    if (node->is_table())
        error(key, *node, fmt::format("there may be many: write [[{}]], in double brackets", path));
    else if (!list)
        wrong_type(key, *node, fmt::format("must be a list of tables, each [[{}]]", path));
    bool tables = list;
    if (list)
        for (const toml::node& element : *list) {
            if (element.is_table()) continue;
            wrong_type(key, element, fmt::format("must be a list of tables, each [[{}]]", path));
            tables = false;
        }
    if (!tables) hide(diagnostics_, *node);  // nobody reads them
    return tables ? list : nullptr;
}

TableReader TableReader::below(std::string_view key, const toml::table& table, bool listed) const {
    return {table, path_of(key), listed, diagnostics_};
}

std::string TableReader::unknown(std::string_view key, const toml::node& node) const {
    const bool table = path_.empty() && (node.is_table() || node.is_array_of_tables());
    std::string message = table ? fmt::format("unknown table [{}]", record::safe(key))
                                : fmt::format("unknown key {}", name(key));
    if (const std::string places = elsewhere(key, path_); !places.empty() && !table)
        return message + fmt::format(" (it belongs in {})", places);
    if (const auto meant = record::nearest(key, known_))
        return message + fmt::format(" (did you mean '{}'?)", *meant);
    return message + fmt::format("; there are: {}", fmt::join(known_, " "));
}

void TableReader::finish() {
    ignore_rest();
    for (const auto& [key, node] : table_)
        if (!is_taken(key.str())) diagnostics_.error(span_of(key.source()), unknown(key.str(), node));
}

void TableReader::ignore_rest() {
    for (const auto& [key, node] : table_)
        if (!is_taken(key.str()) && !is_known_and_open(key.str())) hide(diagnostics_, node);
}

}  // namespace nlwatch::config
