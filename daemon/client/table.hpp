// A table for people: columns as wide as what stands in them, cut where the terminal ends.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "record/ink.hpp"

namespace nlwatch::client {

using record::Ink;

struct Cell {
    Cell(std::string its_text, Ink its_ink = Ink::plain) : text(std::move(its_text)), ink(its_ink) {}
    Cell(const char* its_text, Ink its_ink = Ink::plain) : Cell(std::string{its_text}, its_ink) {}
    std::string text;  // UTF-8, safe to print
    Ink ink;
};

class Table {
public:
    // The most important column first: what does not fit is cut off on the right.
    explicit Table(std::vector<std::string> titles) : titles_(std::move(titles)) {}

    void add(std::vector<Cell> row) { rows_.push_back(std::move(row)); }

    // `columns`: of the terminal; null: as wide as it gets. A column in which nothing stands is left out.
    std::string text(std::optional<std::size_t> columns, bool coloured) const;

private:
    std::vector<std::size_t> widths() const;

    std::vector<std::string> titles_;
    std::vector<std::vector<Cell>> rows_;
};

}  // namespace nlwatch::client
