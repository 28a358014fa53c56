// A reader: folds lines into the state that they tell of, and holds each against the laws of records.md.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "world.hpp"

namespace nlwatch::test {

// Members of a line, as text: numbers and strings as they are, anything else as JSON; null if the line has no
// such member. A path leads through objects: "counts/link".
std::optional<std::string> member(std::string_view line, std::string_view path);

// Objects by key, each as JSON with its members in order.
using Objects = std::map<std::string, std::string>;

// What a view of `scopes` must fold to.
Objects objects_of(const World&, const std::vector<record::Scope>& scopes);

class Fold {
public:
    // filtered: holes in seq are no breach. view: it folds; else only the numbering is looked at.
    explicit Fold(bool filtered = false, bool view = true) : filtered_(filtered), view_(view) {}

    // A new connection that goes on with what is folded already.
    void reconnect(std::uint64_t since) {
        greeted_ = false;
        seq_ = since;
    }
    // Returns which law the line breaks; empty if none.
    std::string read(const Line&);
    std::string read(const std::vector<Line>&);

    const Objects& objects() const { return objects_; }
    std::uint64_t seq() const { return seq_; }
    bool greeted() const { return greeted_; }  // by this connection
    bool whole() const { return whole_; }      // not within a snapshot, nor owed one
    std::optional<record::Position> position() const { return position_; }  // as records.md defines it

private:
    std::string change(const Line&);

    bool filtered_, view_;
    bool came_ = false;  // before: it has been greeted once
    bool greeted_ = false, whole_ = false, in_snapshot_ = false;
    std::uint64_t seq_ = 0;
    std::optional<record::Position> position_;
    Objects objects_;
};

}  // namespace nlwatch::test
