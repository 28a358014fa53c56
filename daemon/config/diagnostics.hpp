// What is wrong with a source text, and where: messages with the source line and a caret below it. What must
// not be shown of the source is left out of its lines; messages are the caller's.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace nlwatch::config {

// A place in a text. Lines and columns count from 1; a column is a character (a code point), not a byte.
struct Place {
    std::size_t line = 1, column = 1;
    auto operator<=>(const Place&) const = default;
};

struct Span {
    Place begin, end;  // `end` is behind the last character
};

class Diagnostics {
public:
    // `source` must live as long as this; it may hold any bytes. `name` stands for the file.
    Diagnostics(std::string_view source, std::string_view name);

    void error(const Span&, std::string message);
    void hide(const Span&);  // in the source lines that are shown "…" stands for it
    bool empty() const { return errors_.empty(); }

    // All errors in the order of their places, ready to be printed (control bytes of the source are shown as
    // \xNN); the first hundred in full. No newline behind the last line.
    std::string text() const;

    std::string_view line(std::size_t number) const;  // without its end; empty if there is no such line
    // What stands in the source at a span of one line; of a longer one its first line.
    std::string_view source(const Span&) const;

private:
    struct Error {
        Span span;
        std::string message;
    };
    std::string_view source_;
    std::string name_;
    std::vector<std::size_t> line_begins_;  // offsets of the lines
    std::vector<Error> errors_;
    std::vector<Span> hidden_;
};

}  // namespace nlwatch::config
