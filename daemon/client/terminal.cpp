#include "client/terminal.hpp"

#include <locale.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#include <charconv>
#include <cstdlib>

#include "record/utf8.hpp"

namespace nlwatch::client {

namespace {

constexpr std::size_t usual_columns = 80;

wchar_t code_point(std::string_view character) {
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(character[at]); };
    if (character.size() < 2) return byte(0);
    unsigned code = byte(0) & (0xffU >> (character.size() + 1));
    for (std::size_t at = 1; at < character.size(); ++at) code = code << 6 | (byte(at) & 0x3fU);
    return static_cast<wchar_t>(code);
}

// wcwidth(3) knows characters by the locale; this one is part of libc, whatever the user's is.
std::size_t columns_of_character(std::string_view character) {
    if (character.size() < 2) return 1;
    static const locale_t utf8 = ::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
    if (!utf8) return 1;
    const locale_t before = ::uselocale(utf8);
    const int columns = ::wcwidth(code_point(character));
    ::uselocale(before);
    return columns < 0 ? 1 : static_cast<std::size_t>(columns);
}

// What is shown or left out as a whole: a character, or the \xNN that stands for a byte.
std::string_view unit_at(std::string_view text) {
    if (text.starts_with("\\x")) return text.substr(0, 4);
    const std::size_t length = record::utf8_character(text);
    return text.substr(0, length == 0 ? 1 : length);
}

std::size_t columns_of_unit(std::string_view unit) {
    return unit.starts_with('\\') ? unit.size() : columns_of_character(unit);
}

}  // namespace

std::size_t columns_of(std::string_view text) {
    std::size_t columns = 0;
    while (!text.empty()) {
        const std::string_view unit = unit_at(text);
        columns += columns_of_unit(unit);
        text.remove_prefix(unit.size());
    }
    return columns;
}

std::string cut(std::string_view text, std::size_t columns) {
    if (columns_of(text) <= columns) return std::string{text};
    if (columns == 0) return {};
    std::string out;
    std::size_t used = 1;  // of "…"
    for (std::string_view rest = text; !rest.empty();) {
        const std::string_view unit = unit_at(rest);
        used += columns_of_unit(unit);
        if (used > columns) break;
        out += unit;
        rest.remove_prefix(unit.size());
    }
    return out + "…";
}

std::optional<std::size_t> terminal_columns(int descriptor) {
    if (!::isatty(descriptor)) return std::nullopt;
    std::size_t columns = 0;
    if (const char* told = std::getenv("COLUMNS")) {
        const std::string_view text{told};
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), columns);
        if (error == std::errc{} && end == text.data() + text.size() && columns > 0) return columns;
    }
    winsize size{};
    if (::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
    return usual_columns;
}

}  // namespace nlwatch::client
