// Filters: which objects a reader sees (scope), and which records (events). They look at an Entry, never at a
// line.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "record/entry.hpp"

namespace nlwatch::record {

// A list of fnmatch(3) patterns over raw bytes. `!` in front excludes; the last match wins; a list that
// starts with an exclusion starts from all. An empty list matches everything.
class Globs {
public:
    Globs() = default;
    explicit Globs(std::vector<std::string> patterns) : patterns_(std::move(patterns)) {}

    bool match(std::string_view text) const;
    bool empty() const { return patterns_.empty(); }
    const std::vector<std::string>& patterns() const { return patterns_; }
    bool operator==(const Globs&) const = default;

private:
    std::vector<std::string> patterns_;
};

// Which objects: what is outside does not exist for the reader. The words are AND-ed.
struct Scope {
    Globs kinds;       // over "link", "address"
    Globs interfaces;  // over the interface's name
    Globs link_kinds;  // over IFLA_INFO_KIND; "none" stands for a link without one

    bool covers(const Subject&) const;
    bool everything() const { return kinds.empty() && interfaces.empty() && link_kinds.empty(); }
    bool operator==(const Scope&) const = default;
};

// How a reader sees a record. At a scope's border a change shows as another op.
enum class Sight : std::uint8_t {
    hidden,
    as_is,
    entered,  // a change (a rename) that brings the object into the scope: reads as `added`
    left,     // … or out of it: reads as `removed`, reason `filter`
};

struct Filter {
    std::vector<Scope> scopes;  // the configuration's [filter] and the reader's own: all must cover
    // Events. Set, they make the reader a feed of events: it cannot fold, and gets no snapshots.
    Globs types;                // over the record's type as it is delivered, so after the border's rewriting
    Transitions transitions{};  // any of these; 0 = whatever

    bool covers(const Subject&) const;
    bool foldable() const { return types.empty() && transitions == 0; }
    Sight sight(const Entry&) const;
    // The words about events alone, of a record that the scopes let pass as `type`.
    bool shows(std::string_view type, Transitions told) const {
        return types.match(type) && (transitions == 0 || (told & transitions) != 0);
    }
};

}  // namespace nlwatch::record
