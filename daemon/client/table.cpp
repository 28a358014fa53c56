#include "client/table.hpp"

#include <algorithm>
#include <limits>

#include "client/terminal.hpp"

namespace nlwatch::client {

namespace {

constexpr std::size_t between = 2;  // spaces between columns

// One line, up to the terminal's end. Widths are counted on what is shown: escapes are put around a cell that
// has been cut already.
class LineWriter {
public:
    LineWriter(std::size_t room, bool coloured) : room_(room), coloured_(coloured) {}

    void add(const Cell& cell, std::size_t width) {
        if (room_ == 0) return;
        const std::size_t columns = columns_of(cell.text);
        if (!line_.empty() || pending_ > 0) pending_ += between;
        if (columns > 0) {
            if (pending_ >= room_) {
                mark_cut();
                return;
            }
            line_.append(pending_, ' ');
            room_ -= pending_;
            const std::string shown = cut(cell.text, room_);
            line_ += record::inked(shown, cell.ink, coloured_);
            room_ -= std::min(room_, columns);
            if (shown != cell.text) room_ = 0;
            pending_ = 0;
        }
        pending_ += width - columns;
    }
    // Nothing stands at its end: trailing spaces would only wrap.
    const std::string& line() const { return line_; }

private:
    void mark_cut() {
        if (room_ > 0) line_.append(room_ - 1, ' ').append("…");
        room_ = 0;
    }

    std::size_t room_;
    bool coloured_;
    std::size_t pending_ = 0;  // spaces before the next text
    std::string line_;
};

}  // namespace

std::vector<std::size_t> Table::widths() const {
    std::vector<std::size_t> widths(titles_.size(), 0);
    for (const std::vector<Cell>& row : rows_)
        for (std::size_t i = 0; i < widths.size(); ++i)
            widths[i] = std::max(widths[i], columns_of(row[i].text));
    for (std::size_t i = 0; i < widths.size(); ++i)
        if (widths[i] > 0) widths[i] = std::max(widths[i], columns_of(titles_[i]));
    return widths;
}

std::string Table::text(std::optional<std::size_t> columns, bool coloured) const {
    const std::vector<std::size_t> wide = widths();
    std::string text;
    const auto add_line = [&](const auto& cells) {
        LineWriter line{columns.value_or(std::numeric_limits<std::size_t>::max()), coloured};
        for (std::size_t i = 0; i < wide.size(); ++i)
            if (wide[i] > 0) line.add(cells[i], wide[i]);
        text += line.line() + "\n";
    };
    if (rows_.empty()) return text;
    add_line(titles_);
    for (const std::vector<Cell>& row : rows_) add_line(row);
    return text;
}

}  // namespace nlwatch::client
