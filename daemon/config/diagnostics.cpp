#include "config/diagnostics.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>

#include "record/safe_text.hpp"
#include "record/utf8.hpp"

namespace nlwatch::config {

namespace {

constexpr std::size_t most_errors = 100;
constexpr std::size_t widest = 120;  // characters of a source line that are shown

// One character of a source line, or one byte that begins none.
struct Character {
    std::string_view bytes;
    std::string shown;    // as it may stand on a terminal
    std::string padding;  // as wide as `shown`
};

std::uint32_t code_point(std::string_view bytes) {
    const auto lead = static_cast<unsigned char>(bytes[0]);
    std::uint32_t value = bytes.size() == 1 ? lead : lead & (0x7fu >> bytes.size());
    for (const char byte : bytes.substr(1)) value = value << 6 | (static_cast<unsigned char>(byte) & 0x3f);
    return value;
}

// Columns of a terminal. The ranges are the common ones of Unicode's EastAsianWidth.txt (W, F) and of
// combining marks: wcwidth(3) would know them all, but only in a UTF-8 locale.
std::size_t width(std::uint32_t point) {
    struct Range {
        std::uint32_t first, last;
    };
    static constexpr Range none[] = {{0x300, 0x36f}, {0x200b, 0x200f}, {0x20d0, 0x20f0}, {0xfe00, 0xfe0f}};
    static constexpr Range two[] = {{0x1100, 0x115f},   {0x2e80, 0x303e},  {0x3041, 0xa4cf},
                                    {0xac00, 0xd7a3},   {0xf900, 0xfaff},  {0xfe30, 0xfe6f},
                                    {0xff00, 0xff60},   {0xffe0, 0xffe6},  {0x1f300, 0x1f64f},
                                    {0x1f900, 0x1f9ff}, {0x20000, 0x3fffd}};
    const auto in = [point](const Range& range) { return point >= range.first && point <= range.last; };
    if (std::any_of(std::begin(none), std::end(none), in)) return 0;
    return std::any_of(std::begin(two), std::end(two), in) ? 2 : 1;
}

std::size_t next_size(std::string_view rest) {
    return std::max<std::size_t>(record::utf8_character(rest), 1);
}

Character character(std::string_view rest) {
    const std::string_view bytes = rest.substr(0, next_size(rest));
    if (bytes == "\t" || bytes == "\\") return {bytes, std::string{bytes}, bytes == "\t" ? "\t" : " "};
    std::string shown = record::safe(bytes);
    const std::size_t columns = shown == bytes ? width(code_point(bytes)) : shown.size();
    return {bytes, std::move(shown), std::string(columns, ' ')};
}

// Without its first `count` characters.
std::string_view behind(std::string_view text, std::size_t count) {
    for (; count > 0 && !text.empty(); --count) text.remove_prefix(next_size(text));
    return text;
}

// A source line in which "…" stands for each part that is hidden.
class OpenLine {
public:
    OpenLine(std::string_view line, std::size_t number, const std::vector<Span>& hidden) {
        for (const auto& [begin, end] : hidden)
            if (begin.line <= number && end.line >= number)
                hidden_.push_back(
                    {begin.line < number ? 1 : begin.column, end.line > number ? npos : end.column});
        std::sort(hidden_.begin(), hidden_.end());
        std::size_t column = 1;
        for (auto& [begin, end] : hidden_) {
            begin = std::max(begin, column);  // they may overlap
            end = std::max(begin, end);
            const std::string_view rest = behind(line, begin - column);
            text_.append(line, 0, line.size() - rest.size());
            line = behind(rest, end - begin);
            if (end > begin) text_ += "…";
            column = end;
        }
        text_ += line;
    }

    const std::string& text() const { return text_; }
    // Where a column of the source is in the text.
    std::size_t column(std::size_t source) const {
        std::size_t left_out = 0;
        for (const auto& [begin, end] : hidden_) {
            if (source < end) return std::min(source, begin) - left_out;
            if (end > begin) left_out += end - begin - 1;
        }
        return source - left_out;
    }

private:
    struct Columns {
        std::size_t begin, end;
        auto operator<=>(const Columns&) const = default;
    };
    static constexpr std::size_t npos = std::string_view::npos;

    std::vector<Columns> hidden_;
    std::string text_;
};

// The source line with a caret under the place, and a tilde under each other character of the span.
std::string excerpt(std::string_view line, std::size_t begin, std::size_t end) {
    const std::size_t first = begin > widest * 3 / 4 ? begin - widest / 2 : 1;
    std::string shown = first > 1 ? "…" : "";
    std::string marks = first > 1 ? " " : "";
    std::size_t column = 1;
    for (; !line.empty() && column < first + widest; ++column) {
        const Character next = character(line);
        line.remove_prefix(next.bytes.size());
        if (column < first) continue;
        shown += next.shown;
        if (column < begin)
            marks += next.padding;
        else if (column == begin)
            marks += '^' + std::string(std::max<std::size_t>(next.padding.size(), 1) - 1, '~');
        else if (column < end)
            marks += std::string(next.padding.size(), '~');
    }
    if (column <= begin) marks += '^';  // behind the line's end
    if (!line.empty()) shown += "…";
    return fmt::format("  {}\n  {}", shown, marks);
}

}  // namespace

Diagnostics::Diagnostics(std::string_view source, std::string_view name)
    : source_(source), name_(record::safe(name)), line_begins_{0} {
    for (std::size_t at = source.find('\n'); at != std::string_view::npos; at = source.find('\n', at + 1))
        line_begins_.push_back(at + 1);
}

void Diagnostics::error(const Span& span, std::string message) {
    errors_.push_back({span, std::move(message)});
}

void Diagnostics::hide(const Span& span) { hidden_.push_back(span); }

std::string_view Diagnostics::line(std::size_t number) const {
    if (number == 0 || number > line_begins_.size()) return {};
    std::string_view line = source_.substr(line_begins_[number - 1]);
    line = line.substr(0, line.find('\n'));
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

std::string_view Diagnostics::source(const Span& span) const {
    std::string_view rest = line(span.begin.line);
    rest = behind(rest, span.begin.column - 1);
    if (span.end.line != span.begin.line) return rest;
    return rest.substr(0, rest.size() - behind(rest, span.end.column - span.begin.column).size());
}

std::string Diagnostics::text() const {
    std::vector<Error> sorted = errors_;
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const Error& a, const Error& b) { return a.span.begin < b.span.begin; });
    std::string text;
    for (std::size_t i = 0; i < std::min(sorted.size(), most_errors); ++i) {
        const auto& [span, message] = sorted[i];
        const OpenLine open{line(span.begin.line), span.begin.line, hidden_};
        const std::size_t end =
            span.end.line == span.begin.line ? span.end.column : static_cast<std::size_t>(-1);
        text += fmt::format("{}{}:{}:{}: error: {}\n{}", i ? "\n" : "", name_, span.begin.line,
                            span.begin.column, message,
                            excerpt(open.text(), open.column(span.begin.column), open.column(end - 1) + 1));
    }
    if (sorted.size() > most_errors)
        text += fmt::format("\n{}: {} more errors", name_, sorted.size() - most_errors);
    return text;
}

}  // namespace nlwatch::config
