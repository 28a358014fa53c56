#include "http/text.hpp"

#include <algorithm>

namespace nlwatch::http {

namespace {

constexpr std::size_t longest_echo = 100;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

}  // namespace

bool same_word(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::string shortened(std::string text) {
    if (text.size() <= longest_echo) return text;
    std::size_t end = longest_echo;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80)
        --end;  // not within a character
    text.resize(end);
    return text + "…";
}

}  // namespace nlwatch::http
