// The backlog: the one owner of the numbering. Every change is rendered here, once, for all readers.
#pragma once
#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "backlog/ring.hpp"
#include "backlog/snapshot.hpp"
#include "record/filter.hpp"
#include "record/renderer.hpp"
#include "record/stamp.hpp"
#include "state/table.hpp"

namespace nlwatch::backlog {

class Backlog {
public:
    // What happened, for metrics.
    struct Counters {
        using ByOriginAndOp = std::array<std::array<std::uint64_t, state::ops>, state::origins>;
        std::array<ByOriginAndOp, rtnl::kinds>
            events{};  // object records, by kind, origin and the op as published
        std::array<std::uint64_t, rtnl::kinds> filtered{};  // changes outside of the published scope
        std::uint64_t reloads{};
        record::Stamp last_event;  // of the last object record
    };

    // `table` is the one that the changes are about; it must outlive the backlog. `ring_bytes`: see Ring.
    Backlog(const state::Table& table, record::Identity, record::Scope published, std::size_t ring_bytes);

    // The first pass is complete: the run begins at 0 with the table as it is. Before, nothing is published,
    // and readers wait.
    void begin() { begun_ = true; }
    bool begun() const { return begun_; }

    // The table already holds the change, and nothing newer. What the published scope covers neither before
    // nor after takes no seq; what crosses its border is published as added, or as removed with reason
    // `filter`.
    void changed(const state::Change&, const record::Stamp&);
    // A numbered record of the stream itself; `fields` as Renderer::frame takes them.
    void frame(record::Entry::Frame, std::string_view fields, const record::Stamp&);
    // Another published scope: a numbered record, behind which every view starts again. The same scope is no
    // reload.
    void reload(record::Scope published, const record::Stamp&);
    void set_tags(std::vector<std::pair<std::string, std::string>>);
    void set_settled(bool settled) { settled_ = settled; }
    bool settled() const { return settled_; }

    // The table as of now, or as it was a moment ago, but not before `at_least`, if the ring goes on from
    // there comfortably. Never null.
    std::shared_ptr<const Snapshot> snapshot(state::Time now, std::uint64_t at_least = 0);

    std::uint64_t head() const { return ring_.next() - 1; }  // the last record's seq; 0 if there is none
    // A view whose place + 1 < first_good() cannot go on: the tail has overtaken it, or the published scope
    // is another.
    std::uint64_t first_good() const { return std::max(ring_.first_good(), behind_reload_); }

    const Ring& ring() const { return ring_; }
    const record::Renderer& renderer() const { return renderer_; }
    const record::Scope& published() const { return published_; }
    std::uint64_t run() const { return renderer_.identity().run; }
    const Counters& counters() const { return counters_; }

private:
    void append(const record::Entry&, std::string_view line, state::Time now);
    void retire_snapshots();

    const state::Table& table_;
    record::Renderer renderer_;
    record::Scope published_;
    Ring ring_;
    bool begun_ = false, settled_ = false;
    std::uint64_t behind_reload_ = 0;  // the seq behind the last reload

    std::shared_ptr<Snapshot> young_;            // kept for the next reader, for a moment
    std::vector<std::weak_ptr<Snapshot>> lent_;  // all that readers may hold, oldest first

    std::string line_, border_line_;  // scratch
    Counters counters_;
};

}  // namespace nlwatch::backlog
