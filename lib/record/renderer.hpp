// The direct writer: renders a record once, as one line of JSON, without a document tree. records.md is the
// contract.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "record/entry.hpp"
#include "record/filter.hpp"
#include "record/stamp.hpp"
#include "state/row.hpp"

namespace nlwatch::record {

// A place in a run's numbering: records up to and including `seq` have been read.
struct Position {
    std::uint64_t run{}, seq{};
    bool operator==(const Position&) const = default;
};
std::string run_text(std::uint64_t run);                   // 16 hex digits
std::string to_string(Position);                           // "<run>:<decimal>"
std::optional<Position> parse_position(std::string_view);  // null if it is not exactly that

// Who speaks: the same in every line of a run.
struct Identity {
    std::uint64_t run{};
    std::string version;
    std::string host_name, host_id, boot_id;  // host_id: an application-specific machine id; empty = left out
    std::uint64_t netns_cookie{}, netns_inode{};
    std::vector<std::pair<std::string, std::string>> tags;  // the configuration's static tags
};

// What hello says about the reader that it greets.
struct Greeting {
    const Scope* published{};  // null or everything() = no [filter]
    const Filter* filter{};    // the reader's own: its one scope, types, transitions; null = none
    bool foldable = true;
};

enum class GapReason : std::uint8_t { slow_reader, expired, other_run, reload };

// Every function appends exactly one line, '\n' included, to `out`. Text that is not UTF-8 is made valid,
// with the raw bytes beside it in hex; nothing throws.
class Renderer {
public:
    explicit Renderer(Identity);
    const Identity& identity() const { return identity_; }

    // An object record; returns its entry but for `offset` (the ring's).
    Entry change(std::string& out, std::uint64_t seq, const state::Change&, const Stamp&) const;
    // A frame; `fields` are its own, as JSON members with a comma before each:
    // `,"resync":3,"cause":"overrun"`.
    Entry frame(std::string& out, std::uint64_t seq, Entry::Frame, std::string_view fields,
                const Stamp&) const;

    void hello(std::string& out, std::uint64_t seq, const Greeting&, const Stamp&) const;
    void snapshot_begin(std::string& out, std::uint64_t seq) const;
    void snapshot_row(std::string& out, std::uint64_t seq, const state::Row&) const;
    void snapshot_end(std::string& out, std::uint64_t seq, bool settled,
                      const std::array<std::optional<std::uint64_t>, rtnl::kinds>& counts) const;
    // `from`: the first seq that is missing; null where it was another run's.
    void gap(std::string& out, std::optional<std::uint64_t> from, std::uint64_t to, GapReason) const;
    void bookmark(std::string& out, std::uint64_t seq) const;

    void key(std::string& out, const rtnl::Key&) const;      // the record's `key`, without quotes
    void object(std::string& out, const state::Row&) const;  // the record's `object`

private:
    void begin(std::string& out, std::uint64_t seq, std::string_view type) const;
    void end(std::string& out) const;

    Identity identity_;
    std::string head_;   // {"schema":1,"run":"…","seq":
    std::string netns_;  // ,"netns":…
    std::string tags_;   // ,"tags":{…} or nothing
};

// The line of an object record as it reads at a scope's border: the op's word replaced; `left` carries reason
// "filter". Appends it to `out`; `sight` is entered or left.
void border_line(std::string& out, std::string_view line, const Entry&, Sight sight);

// {"schema":1,"type":"error","message":…}: what a door says before it closes without serving. One line, '\n'
// included.
void error_line(std::string& out, std::string_view message);

}  // namespace nlwatch::record
