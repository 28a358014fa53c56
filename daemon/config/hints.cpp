#include "config/hints.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "config/values.hpp"

namespace nlwatch::config {

namespace {

struct Quantity {
    std::string number;  // digits
    std::string unit;    // lower case letters
};

// Digits, spaces, letters; null if there is anything else.
std::optional<Quantity> quantity(std::string_view text) {
    Quantity found;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (std::isdigit(byte) && found.unit.empty())
            found.number += c;
        else if (std::isalpha(byte))
            found.unit += static_cast<char>(std::tolower(byte));
        else if (c != ' ')
            return std::nullopt;
    }
    if (found.number.empty()) return std::nullopt;
    return found;
}

using Units = std::initializer_list<std::pair<std::string_view, std::string_view>>;

std::optional<std::string> with_unit(std::string_view text, Units units) {
    const auto given = quantity(text);
    if (!given) return std::nullopt;
    for (const auto& [written, unit] : units)
        if (given->unit == written) return given->number + " " + std::string{unit};
    return std::nullopt;
}

}  // namespace

std::optional<std::string> meant_size(std::string_view text) {
    const auto meant = with_unit(text, {{"", "B"},
                                        {"b", "B"},
                                        {"byte", "B"},
                                        {"bytes", "B"},
                                        {"k", "KiB"},
                                        {"kb", "KiB"},
                                        {"kib", "KiB"},
                                        {"m", "MiB"},
                                        {"mb", "MiB"},
                                        {"mib", "MiB"},
                                        {"g", "GiB"},
                                        {"gb", "GiB"},
                                        {"gib", "GiB"}});
    return meant && parse_size(*meant) ? meant : std::nullopt;
}

std::optional<std::string> meant_duration(std::string_view text) {
    const auto meant = with_unit(text, {{"", "s"},
                                        {"msec", "ms"},
                                        {"msecs", "ms"},
                                        {"milliseconds", "ms"},
                                        {"ms", "ms"},
                                        {"s", "s"},
                                        {"sec", "s"},
                                        {"secs", "s"},
                                        {"second", "s"},
                                        {"seconds", "s"},
                                        {"m", "min"},
                                        {"min", "min"},
                                        {"mins", "min"},
                                        {"minute", "min"},
                                        {"minutes", "min"},
                                        {"h", "h"},
                                        {"hr", "h"},
                                        {"hour", "h"},
                                        {"hours", "h"}});
    return meant && parse_duration(*meant) ? meant : std::nullopt;
}

std::optional<std::string> meant_mode(std::string_view text) {
    if (text.starts_with("0o")) text.remove_prefix(2);
    if (text.size() > 4 || text.empty()) return std::nullopt;
    std::string meant = std::string(4 - text.size(), '0') + std::string{text};
    return text.size() >= 3 && parse_mode(meant) ? std::optional{meant} : std::nullopt;
}

}  // namespace nlwatch::config
