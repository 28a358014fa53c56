#include "config/hidden.hpp"

#include <algorithm>
#include <array>

#include "config/fields.hpp"

namespace nlwatch::config {

namespace {

// A user may be followed by its password, as in a URL.
constexpr std::array<std::string_view, 6> secret_keys{"url",        "proxy",       "headers",
                                                      "credential", "secret_file", "user"};
// Of a line that cannot be read nobody knows where a table in braces ends, and what it has for keys.
constexpr std::array<std::string_view, 9> secret_words{
    "url", "proxy", "headers", "credential", "secret_file", "auth", "tls", "user", "://"};
constexpr std::string_view of_bare_keys = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.";

std::string_view trimmed(std::string_view text) {
    text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
    return text.substr(0, text.find_last_not_of(" \t") + 1);
}

bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

// A key with its dots, if the line begins with one; else "".
std::string_view bare_key(std::string_view line) {
    line = trimmed(line);
    return line.substr(0, std::min(line.find_first_not_of(of_bare_keys), line.size()));
}

// "http.listen", if the line is the header of a table; else "". A list in a list begins with a bracket, too.
std::string_view header(std::string_view line) {
    line = trimmed(line);
    if (!line.starts_with('[')) return {};
    line.remove_prefix(line.starts_with("[[") ? 2 : 1);
    const std::string_view path = bare_key(line);
    const std::string_view behind = trimmed(trimmed(line).substr(path.size()));
    return behind.empty() || behind.starts_with(']') ? path : std::string_view{};
}

// Whether a line can be one of a list that goes over several.
bool is_element(std::string_view line) {
    line = trimmed(line);
    return !line.empty() && std::string_view{"\"'],"}.find(line.front()) != std::string_view::npos &&
           !has(line, "=");
}

// The path of the key whose value the line is, or begins with; "" if there is none.
std::string path_of(const Diagnostics& source, std::size_t number) {
    std::string key;
    for (std::size_t at = number; at > 0; --at) {
        const std::string_view line = source.line(at);
        if (const std::string_view table = header(line); !table.empty())
            return key.empty() ? key : std::string{table} + "." + key;
        if (key.empty()) key = bare_key(line);
        if (key.empty() && !is_element(line)) return key;
    }
    return key;
}

bool is_known(std::string_view path) {
    bool known = false;
    for_each_key(parts, "", [&](const std::string& key) {
        known |= key == path || key.starts_with(std::string{path} + ".") || path.starts_with(key + ".");
    });
    return known;
}

}  // namespace

bool may_hold_secret(std::string_view path) {
    return std::any_of(secret_keys.begin(), secret_keys.end(), [&](std::string_view key) {
        return path == key || path.starts_with(std::string{key} + ".") ||
               path.ends_with("." + std::string{key}) || has(path, "." + std::string{key} + ".");
    });
}

bool is_known_and_open(std::string_view key) {
    bool open = false;
    for_each_key(parts, "", [&](const std::string& path) {
        open |= path.substr(path.rfind('.') + 1) == key && !may_hold_secret(path);
    });
    return open;
}

void hide(Diagnostics& diagnostics, const toml::node& node) {
    if (const toml::table* table = node.as_table()) {
        for (const auto& [key, value] : *table) hide(diagnostics, value);
    } else if (const toml::array* list = node.as_array()) {
        for (const toml::node& value : *list) hide(diagnostics, value);
    } else {
        const toml::source_region& at = node.source();
        diagnostics.hide({{at.begin.line, at.begin.column}, {at.end.line, at.end.column}});
    }
}

std::optional<Span> secret_part(const Diagnostics& source, std::size_t number) {
    const std::string_view line = source.line(number);
    const bool mentions = std::any_of(secret_words.begin(), secret_words.end(),
                                      [&](std::string_view word) { return has(line, word); });
    if (!mentions) {
        const std::string_view text = trimmed(line);
        const bool comment = (text.starts_with('#') || text.starts_with(';')) && !has(text, "=");
        if (text.empty() || comment || !header(line).empty()) return std::nullopt;
        const std::string path = path_of(source, number);
        if (path != "sink" && is_known(path)) return std::nullopt;
    }
    // In front of a value stand only bare keys and blanks, each byte a character.
    const std::size_t equals = line.find('=');
    const bool value =
        equals != std::string_view::npos &&
        trimmed(line.substr(0, equals)).find_first_not_of(of_bare_keys) == std::string_view::npos;
    const std::size_t begin = value ? line.find_first_not_of(" \t", equals + 1) : 0;
    if (begin == std::string_view::npos) return std::nullopt;
    return Span{{number, begin + 1}, {number + 1, 1}};
}

}  // namespace nlwatch::config
