// The whole table as of one record.
#pragma once
#include <cstdint>

#include "state/table.hpp"

namespace nlwatch::backlog {

// Exact: table and ring only move together. Shared by the readers that join at about the same time. Once no
// reader can go on from `seq` any more the backlog empties it, so that one who is stuck pins no rows: look
// whether `seq` was overtaken first.
struct Snapshot {
    std::uint64_t seq{};
    bool settled{};     // the table was known to be the kernel's
    state::Table rows;  // all that is followed, published or not
    state::Time taken{};
};

}  // namespace nlwatch::backlog
