#include "record/json_writer.hpp"

#include "record/utf8.hpp"

namespace nlwatch::record {

namespace {
constexpr char digits[] = "0123456789abcdef";
constexpr std::string_view replacement = "\xef\xbf\xbd";  // U+FFFD
}  // namespace

void JsonWriter::text(std::string_view text) {
    comma();
    out_ += '"';
    while (!text.empty()) {
        const auto byte = static_cast<unsigned char>(text.front());
        if (byte == '"' || byte == '\\') {
            out_ += '\\';
            out_ += text.front();
            text.remove_prefix(1);
        } else if (byte < 0x20 || byte == 0x7f) {
            out_ += "\\u00";
            out_ += digits[byte >> 4];
            out_ += digits[byte & 15];
            text.remove_prefix(1);
        } else if (const std::size_t length = utf8_character(text); length > 0) {
            out_ += text.substr(0, length);
            text.remove_prefix(length);
        } else {
            out_ += replacement;
            text.remove_prefix(1);
        }
    }
    out_ += '"';
}

void JsonWriter::hex(std::string_view bytes) {
    comma();
    out_ += '"';
    for (const char c : bytes) {
        out_ += digits[static_cast<unsigned char>(c) >> 4];
        out_ += digits[static_cast<unsigned char>(c) & 15];
    }
    out_ += '"';
}

}  // namespace nlwatch::record
