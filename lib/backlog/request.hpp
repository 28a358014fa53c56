// What a reader asks for.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "record/filter.hpp"
#include "record/renderer.hpp"

namespace nlwatch::backlog {

class Backlog;

struct Request {
    record::Filter filter;                  // the reader's own: at most one scope, and words about events
    std::optional<record::Position> since;  // go on behind it
    std::optional<bool> snapshot;    // not said: whenever the reader can fold and has nothing to go on from
    bool snapshot_after_gap = true;  // false: a view that has had its snapshot goes on behind a gap as a
                                     // feed of events does, with the oldest record held
    bool anew = false;  // with since: what it holds up to there is another scope's, or the half of a
                        // snapshot. A view starts from one; what it passes over is missing by reason of a
                        // reload
    std::optional<std::uint64_t> limit;  // end after so many numbered records; 0: after the snapshot

    // A reader that is to fold the table, and so starts from a snapshot, and again when it has missed
    // something (but see snapshot_after_gap).
    bool view() const { return filter.foldable() && snapshot != false; }
};

// Why it cannot be served, in words for the one who asked; null if it can. To be asked before a Feed is made
// of it.
std::optional<std::string> refusal(const Request&, const Backlog&);

}  // namespace nlwatch::backlog
