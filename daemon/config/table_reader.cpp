#include "config/table_reader.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>

#include "config/values.hpp"

namespace nlwatch::config {

namespace {

std::string_view source_line(std::string_view source, std::size_t number) {
    for (; number > 1 && !source.empty(); --number)
        source.remove_prefix(std::min(source.find('\n'), source.size() - 1) + 1);
    return source.substr(0, source.find_first_of("\r\n"));
}

std::string_view kind_of(const toml::node& node) {
    switch (node.type()) {
        case toml::node_type::table:
            return "a table";
        case toml::node_type::array:
            return "a list";
        case toml::node_type::string:
            return "a text";
        case toml::node_type::integer:
            return "a whole number";
        case toml::node_type::floating_point:
            return "a number with a fraction";
        case toml::node_type::boolean:
            return "true or false";
        default:
            return "a date or time";
    }
}

}  // namespace

void Diagnostics::error(const toml::source_position& at, const std::string& message) {
    const std::string_view line = source_line(source_, at.line);
    std::string caret{line.substr(0, std::min<std::size_t>(at.column - 1, line.size()))};
    for (char& byte : caret)
        if (byte != '\t') byte = ' ';
    text_ +=
        fmt::format("{}:{}:{}: error: {}\n  {}\n  {}^\n", name_, at.line, at.column, message, line, caret);
}

const toml::node* TableReader::take(std::string_view key) {
    known_.emplace_back(key);
    return table_.get(key);
}

std::string TableReader::name(std::string_view key) const {
    return title_.empty() ? fmt::format("'{}'", key) : fmt::format("'{}' in {}", key, title_);
}

void TableReader::error(std::string_view key, const std::string& message) {
    const toml::node* node = table_.get(key);
    diagnostics_.error(node ? node->source().begin : table_.source().begin,
                       fmt::format("{}: {}", name(key), message));
}

void TableReader::table(std::string_view key, const std::function<void(TableReader&)>& read) {
    const toml::node* node = take(key);
    if (!node) return;
    const toml::table* inner = node->as_table();
    if (!inner)
        return error(key, fmt::format("must be a table: write [{}]; this is {}", key, kind_of(*node)));
    TableReader reader{*inner, fmt::format("[{}]", key), diagnostics_};
    read(reader);
    reader.finish();
}

void TableReader::text(std::string_view key, std::optional<std::string>& value) {
    const toml::node* node = take(key);
    if (!node) return;
    if (const auto* text = node->as_string())
        value = text->get();
    else
        error(key, fmt::format("must be a text in quotes; this is {}", kind_of(*node)));
}

void TableReader::texts(std::string_view key, std::vector<std::string>& values) {
    const toml::node* node = take(key);
    if (!node) return;
    const toml::array* list = node->as_array();
    if (!list)
        return error(key,
                     fmt::format("must be a list of texts, such as [\"*\"]; this is {}", kind_of(*node)));
    values.clear();
    for (const toml::node& element : *list) {
        if (const auto* text = element.as_string())
            values.push_back(text->get());
        else
            diagnostics_.error(
                element.source().begin,
                fmt::format("{}: must hold texts in quotes only; this is {}", name(key), kind_of(element)));
    }
}

void TableReader::count(std::string_view key, std::size_t& value, std::size_t least, std::size_t most) {
    const toml::node* node = take(key);
    if (!node) return;
    const auto* number = node->as_integer();
    if (!number) return error(key, fmt::format("must be a whole number; this is {}", kind_of(*node)));
    if (number->get() < static_cast<std::int64_t>(least) || number->get() > static_cast<std::int64_t>(most))
        return error(key, fmt::format("must be from {} to {}", least, most));
    value = static_cast<std::size_t>(number->get());
}

void TableReader::size(std::string_view key, std::size_t& bytes, std::size_t least, std::size_t most) {
    const toml::node* node = take(key);
    if (!node) return;
    std::optional<std::uint64_t> value;
    if (const auto* number = node->as_integer(); number && number->get() >= 0)
        value = static_cast<std::uint64_t>(number->get());
    else if (const auto* text = node->as_string())
        value = parse_size(text->get());
    if (!value) return error(key, "must be a size: \"8 MiB\", \"512 KiB\", or a number of bytes");
    if (*value < least || *value > most)
        return error(key, fmt::format("must be from {} to {}", size_text(least), size_text(most)));
    bytes = static_cast<std::size_t>(*value);
}

void TableReader::duration(std::string_view key, std::chrono::milliseconds& value,
                           std::chrono::milliseconds least) {
    const toml::node* node = take(key);
    if (!node) return;
    const auto* text = node->as_string();
    const auto parsed = text ? parse_duration(text->get()) : std::nullopt;
    if (!parsed) return error(key, "must be a duration: \"250 ms\", \"1 s\", \"15 min\" or \"2 h\"");
    if (*parsed < least) return error(key, fmt::format("must be at least {} ms", least.count()));
    value = *parsed;
}

void TableReader::mode(std::string_view key, std::optional<unsigned>& value) {
    const toml::node* node = take(key);
    if (!node) return;
    const auto* text = node->as_string();
    const auto parsed = text ? parse_mode(text->get()) : std::nullopt;
    if (!parsed) return error(key, "must be a file mode in octal digits, in quotes: \"0660\"");
    value = *parsed;
}

void TableReader::finish() {
    for (const auto& [key, node] : table_) {
        if (std::find(known_.begin(), known_.end(), key.str()) != known_.end()) continue;
        const auto meant = nearest(key.str(), known_);
        std::string message = title_.empty() && node.is_table()
                                  ? fmt::format("unknown table [{}]", key.str())
                                  : fmt::format("unknown key {}", name(key.str()));
        if (meant) message += fmt::format(" (did you mean '{}'?)", *meant);
        diagnostics_.error(key.source().begin, message);
    }
}

}  // namespace nlwatch::config
