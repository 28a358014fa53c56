#include "http/target.hpp"

#include <algorithm>
#include <optional>

namespace nlwatch::http {

namespace {

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// Null if a percent sign is not followed by two hex digits.
std::optional<std::string> decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i];
            continue;
        }
        const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
        const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
        if (high < 0 || low < 0) return std::nullopt;
        out += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return out;
}

bool starts_with_scheme(std::string_view text, std::string_view scheme) {
    if (text.size() < scheme.size()) return false;
    for (std::size_t i = 0; i < scheme.size(); ++i) {
        const char c = text[i] >= 'A' && text[i] <= 'Z' ? static_cast<char>(text[i] | 0x20) : text[i];
        if (c != scheme[i]) return false;
    }
    return true;
}

// Moves the authority of an absolute form from the front of `text` to the target. False: there should be one.
bool take_authority(std::string_view& text, Target& target) {
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (!starts_with_scheme(text, scheme)) continue;
        text.remove_prefix(scheme.size());
        const std::size_t end = std::min(text.find_first_of("/?"), text.size());
        target.authority = text.substr(0, end);
        text.remove_prefix(end);
        return !target.authority.empty();
    }
    return true;
}

constexpr const char* bad_percent = "a percent sign is to be followed by two hex digits";
constexpr const char* nul_byte = "a NUL byte (%00) is in no path, and in no name";

std::optional<std::string> read_query(std::string_view text, std::vector<Word>& query) {
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('&'), text.size());
        const std::string_view piece = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (piece.empty()) continue;
        const std::size_t equals = std::min(piece.find('='), piece.size());
        auto name = decoded(piece.substr(0, equals));
        auto value = decoded(piece.substr(std::min(equals + 1, piece.size())));
        if (!name || !value) return bad_percent;
        if (name->find('\0') != std::string::npos || value->find('\0') != std::string::npos) return nul_byte;
        query.push_back({*std::move(name), *std::move(value)});
    }
    return std::nullopt;
}

}  // namespace

std::variant<Target, std::string> parse_target(std::string_view text) {
    Target target;
    if (text == "*") {
        target.path = "*";
        return target;
    }
    if (text.find('#') != std::string_view::npos)
        return "a fragment (#) is the browser's own, and is not sent";
    if (!take_authority(text, target)) return "a target with a scheme names a host behind it";
    const std::size_t mark = std::min(text.find('?'), text.size());
    const std::string_view path = text.substr(0, mark);
    if (!path.starts_with('/') && !(path.empty() && !target.authority.empty()))
        return "a target is a path that begins with '/'";
    auto plain = decoded(path);
    if (!plain) return bad_percent;
    if (plain->find('\0') != std::string::npos) return nul_byte;
    target.path = plain->empty() ? "/" : *std::move(plain);
    if (auto wrong = read_query(text.substr(std::min(mark + 1, text.size())), target.query))
        return *std::move(wrong);
    return target;
}

}  // namespace nlwatch::http
