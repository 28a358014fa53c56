#include "record/safe_text.hpp"

#include "record/utf8.hpp"

namespace nlwatch::record {

namespace {

void append_escaped(std::string& out, std::string_view bytes) {
    static constexpr char digits[] = "0123456789abcdef";
    for (const char c : bytes) {
        out += "\\x";
        out += digits[static_cast<unsigned char>(c) >> 4];
        out += digits[static_cast<unsigned char>(c) & 15];
    }
}

// C1 controls (0xc2 0x80 … 0xc2 0x9f) start escape sequences on terminals as ESC does.
bool is_control(std::string_view character) {
    const auto first = static_cast<unsigned char>(character[0]);
    return first < 0x20 || first == 0x7f ||
           (first == 0xc2 && static_cast<unsigned char>(character[1]) < 0xa0);
}

}  // namespace

void append_safe(std::string& out, std::string_view text) {
    while (!text.empty()) {
        const std::size_t length = utf8_character(text);
        const std::string_view character = text.substr(0, length == 0 ? 1 : length);
        if (length == 0 || character == "\\" || is_control(character))
            append_escaped(out, character);
        else
            out += character;
        text.remove_prefix(character.size());
    }
}

std::string safe(std::string_view text) {
    std::string out;
    append_safe(out, text);
    return out;
}

std::string safe_excerpt(std::string_view text) {
    constexpr std::size_t longest = 60;
    return safe(text.substr(0, longest)) + (text.size() > longest ? "…" : "");
}

}  // namespace nlwatch::record
