#include "config/syntax.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cctype>
#include <string>

#include "config/hidden.hpp"
#include "config/table_reader.hpp"
#include "record/safe_text.hpp"
#include "record/utf8.hpp"

namespace nlwatch::config {

namespace {

constexpr std::size_t deepest = 64;

// toml++ 3.3 makes a table for each part of a dotted key, and takes them down by recursion: 100,000 parts
// end the process. The offset of the part that is one too many; npos if there is none.
std::size_t too_deep(std::string_view text) {
    std::size_t dots = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (c == '.') {
            if (++dots > deepest) return at;
        } else if (c == '#') {
            at = std::min(text.find('\n', at), text.size()) - 1;
        } else if (c == '"' || c == '\'') {
            const std::size_t end = text.find_first_of(c == '"' ? "\"\n" : "'\n", at + 1);
            if (end == std::string_view::npos) return end;
            if (text[end] == c) at = end;
        } else if (!std::isalnum(static_cast<unsigned char>(c)) &&
                   !(c != '_' && c != '-' && c != ' ' && c != '\t')) {
            dots = 0;
        }
    }
    return std::string_view::npos;
}

Place place_at(std::string_view text, std::size_t offset) {
    Place place;
    for (std::size_t at = 0; at < offset;) {
        if (text[at] == '\n') place = {place.line + 1, 0};
        ++place.column;
        at += std::max<std::size_t>(record::utf8_character(text.substr(at)), 1);
    }
    return place;
}

std::string_view trimmed(std::string_view text) {
    text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
    return text.substr(0, text.find_last_not_of(" \t") + 1);
}

bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

std::size_t characters(std::string_view text) { return place_at(text, text.size()).column - 1; }

struct Told {
    Span span;
    std::string message;
    std::string discreet = message;  // the same, of a line that may hold a secret
};

// A value without its quotes is the commonest slip. `line`: where the error is; null: it is another one.
std::optional<Told> unquoted(std::string_view line, const Place& at) {
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos || at.column <= equals) return std::nullopt;
    const std::string_view key = trimmed(line.substr(0, equals));
    const std::string_view value = trimmed(line.substr(equals + 1, line.find('#', equals) - equals - 1));
    if (value.empty())
        return Told{{at, at},
                    fmt::format("the value is missing behind '{} ='", record::safe(key)),
                    "the value is missing"};
    if (std::string_view{"\"'[{"}.find(value.front()) != std::string_view::npos || has(value, "\"") ||
        !record::is_utf8(line))
        return std::nullopt;
    const auto before = static_cast<std::size_t>(value.data() - line.data());
    const Place begin{at.line, characters(line.substr(0, before)) + 1};
    const Span span{begin, {at.line, begin.column + characters(value)}};
    std::string lower{value};
    for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    if (lower == "true" || lower == "false") return Told{span, fmt::format("write {} in lower case", lower)};
    const bool url = has(value, "://") && !has(value, " ");
    if (!url && has(value, "=")) return Told{{at, at}, "each key stands on a line of its own"};
    if (!url && (has(value, "//") || has(value, ";")))
        return Told{{at, at}, "nothing but a comment can stand behind a value, and comments begin with '#'"};
    return Told{
        span,
        fmt::format("strings stand in quotes: write {} = \"{}\"", record::safe(key), record::safe(value)),
        "strings stand in quotes"};
}

// toml++'s words without what only its author can use.
std::string plain(std::string_view description) {
    constexpr std::string_view prefix = "Error while parsing ";
    std::string context;
    if (description.starts_with(prefix) && has(description, ": ")) {
        const std::size_t colon = description.find(": ");
        context = description.substr(prefix.size(), colon - prefix.size());
        description.remove_prefix(colon + 2);
    }
    std::string text{description};
    for (const std::string_view end : {"saw '\\n'", "saw '\\r'"})
        if (const std::size_t at = text.find(end); at != std::string::npos)
            text.replace(at, end.size(), "but the line ends");
    if (!context.empty()) text += fmt::format(" (in a {})", context);
    return record::safe(text);
}

// The number of the last line above `at` that begins with `begin` and goes on with `next`; 0 if there is
// none.
std::size_t line_above(const Diagnostics& source, const Place& at, std::string_view begin, char next) {
    for (std::size_t number = at.line; --number > 0;) {
        std::string_view line = trimmed(source.line(number));
        if (!line.starts_with(begin)) continue;
        line = trimmed(line.substr(begin.size()));
        if (next == '\0' ? line.empty() || line.front() == '#' : line.starts_with(next)) return number;
    }
    return 0;
}

std::string in_line(std::size_t number) { return number == 0 ? "" : fmt::format(", in line {}", number); }

std::string in_list(std::size_t number) {
    return number == 0 ? "" : fmt::format(" of the list that begins in line {}", number);
}

// `line`: with something that is there already.
Told twice(const Diagnostics& source, const Place& at, std::string_view line, bool list) {
    const bool header = line.starts_with("[");
    const std::string_view name = trimmed(line.substr(0, line.find_first_of(header ? "#" : "=")));
    const auto offset = static_cast<std::size_t>(name.data() - source.line(at.line).data());
    const Place begin{at.line, characters(source.line(at.line).substr(0, offset)) + 1};
    const Span span{begin, {at.line, begin.column + characters(name)}};
    const std::string shown = record::safe(name);
    if (line.starts_with("[["))
        return {span, "there is a single one above: write it in double brackets, too"};
    if (header && list)
        return {span, fmt::format("there may be many: write [{}], in double brackets", shown)};
    if (header)
        return {span, fmt::format("{} is there already{}: its keys stand together", shown,
                                  in_line(line_above(source, at, name, '\0')))};
    const std::string there = "is there already" + in_line(line_above(source, at, name, '='));
    return {span, fmt::format("'{}' {}", shown, there), "this key " + there};
}

// The number of the line in which the list begins that is not closed at `at`; 0 if it is not clear.
std::size_t list_begin(const Diagnostics& source, const Place& at) {
    for (std::size_t number = at.line; number > 0; --number) {
        const std::string_view line = source.line(number);
        const std::size_t equals = line.find('=');
        if (equals != std::string_view::npos && trimmed(line.substr(equals + 1)).starts_with('[') &&
            (number < at.line || equals + 1 < at.column))
            return number;
    }
    return 0;
}

Told told(std::string_view description, const Diagnostics& source, const Place& at) {
    const Span here{at, at};
    const std::string_view line = source.line(at.line);
    const bool at_end = at.column > characters(line);
    if (has(description, "utf-8")) return {here, "this is not UTF-8"};
    if (has(description, "cannot redefine existing"))
        return twice(source, at, trimmed(line), has(description, "array"));
    if (has(description, "string:") &&
        (has(description, "end-of-file") || (has(description, "control") && at_end)))
        return {here, "the closing quote is missing"};
    if (has(description, "string:") && has(description, "control"))
        return {here, "a control character in a string: write it as \\uXXXX"};
    if (has(description, "unknown escape"))
        return {here, "no such escape: write a backslash as \\\\, or the string in single quotes"};
    if (has(description, "table header: expected ']'") && at_end)
        return {here, "the closing bracket is missing"};
    if (has(description, "array: expected comma"))
        return {here, "expected ',' or ']'" + in_list(list_begin(source, at))};
    if (has(description, "dangling comma")) return {here, "a ',' with nothing behind it"};
    if (has(description, "inline table") && at_end)
        return {here, "expected '}': a table in braces stands on one line"};
    if (has(description, "expected '='")) return {here, "expected '=' behind the key"};
    if (has(description, "root table: expected"))
        return {here, "expected a key, a [table] or a comment, which begins with '#'"};
    if (auto slip = unquoted(line, at)) return *slip;
    if (has(description, "expected a comment or whitespace"))
        return {here, "nothing but a comment, which begins with '#', can stand here"};
    return {here, plain(description), "this is no value that TOML knows"};
}

}  // namespace

std::optional<toml::table> read_syntax(std::string_view text, Diagnostics& diagnostics) {
    if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff")) {
        diagnostics.error({}, "the file is UTF-16: save it as UTF-8");
        return std::nullopt;
    }
    if (const std::size_t deep = too_deep(text); deep != std::string_view::npos) {
        const Place at = place_at(text, deep);
        if (const auto secret = secret_part(diagnostics, at.line)) diagnostics.hide(*secret);
        diagnostics.error({at, at}, "too many dots in a key");
        return std::nullopt;
    }
    try {
        return toml::parse(text);
    } catch (const toml::parse_error& error) {
        const Place at = span_of(error.source()).begin;
        const Told what = told(error.description(), diagnostics, at);
        const auto secret = secret_part(diagnostics, at.line);
        if (secret) diagnostics.hide(*secret);
        diagnostics.error(what.span, secret ? what.discreet : what.message);
        return std::nullopt;
    }
}

}  // namespace nlwatch::config
