#include "record/json_writer.hpp"

#include <algorithm>

#include "record/utf8.hpp"

namespace nlwatch::record {

namespace {

constexpr char digits[] = "0123456789abcdef";
constexpr std::string_view replacement = "\xef\xbf\xbd";  // U+FFFD

// Printable ASCII that stands in JSON as it is: nearly every byte of nearly every name.
bool plain(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\';
}

}  // namespace

void JsonWriter::text(std::string_view text) {
    if (text.size() <= 256 && std::all_of(text.begin(), text.end(), plain)) return word(text);
    need(2);
    comma();
    put('"');
    while (!text.empty()) {
        need(8);
        const auto byte = static_cast<unsigned char>(text.front());
        std::size_t length = 1;
        if (plain(text.front())) {
            put(text.front());
        } else if (byte == '"' || byte == '\\') {
            put('\\');
            put(text.front());
        } else if (byte < 0x20 || byte == 0x7f) {
            put("\\u00");
            put(digits[byte >> 4]);
            put(digits[byte & 15]);
        } else if (length = utf8_character(text); length > 0) {
            put(text.substr(0, length));
        } else {
            put(replacement);
            length = 1;
        }
        text.remove_prefix(length);
    }
    need(1);
    put('"');
}

void JsonWriter::hex(std::string_view bytes) {
    need(2);
    comma();
    put('"');
    for (const char c : bytes) {
        need(2);
        put(digits[static_cast<unsigned char>(c) >> 4]);
        put(digits[static_cast<unsigned char>(c) & 15]);
    }
    need(1);
    put('"');
}

}  // namespace nlwatch::record
