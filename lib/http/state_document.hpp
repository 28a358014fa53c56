// The answer to /v1/state, slice by slice: never a whole document in memory.
#pragma once
#include <cstddef>
#include <string>

#include "backlog/backlog.hpp"
#include "record/filter.hpp"
#include "state/table.hpp"

namespace nlwatch::http {

// Exact as of one record: what follows it begins with the next one.
class StateDocument {
public:
    static constexpr std::size_t slice_rows = 512;         // looked at in one slice
    static constexpr std::size_t slice_bytes = 64 * 1024;  // of one slice; it may be larger by one object

    // `backlog` has begun, and must outlive it. `own`: the reader's filter, beside the published scope.
    StateDocument(backlog::Backlog& backlog, record::Filter own, state::Time now);

    // Appends the next slice, which may be empty. False: it was the last.
    bool next(std::string& out);

private:
    void begin(std::string& out);
    bool covers(const state::Row&) const;

    backlog::Backlog& backlog_;
    record::Filter filter_;
    std::uint64_t seq_;
    bool settled_;
    state::Table rows_;  // a copy: pages that nobody changes meanwhile are shared
    rtnl::Key key_{};    // of the last row looked at
    bool begun_ = false, first_ = true;
};

}  // namespace nlwatch::http
