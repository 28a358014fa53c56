// What nlwatch holds to be the kernel's state: the table, and its only writer.
#pragma once
#include <cstdint>
#include <functional>
#include <set>
#include <utility>

#include "state/row.hpp"
#include "state/table.hpp"

namespace nlwatch::state {

// Whatever it learns leaves through `changed`, in an order that folds: a link before what is on it, removals the other way
// round, behind a rename the rows that carry the name. One update may make many changes, or none. When `changed` is called
// the table already holds the change. Not re-entrant: `changed` must not call apply().
class NetworkState {
public:
    explicit NetworkState(std::function<void(const Change&)> changed);

    // How the update was learnt. `not_before` counts for the origins that learn late only (see Change).
    struct Learnt {
        Origin origin = Origin::live;
        Time now{};
        Time not_before{};
    };
    // True if it changed anything.
    bool apply(const rtnl::Update&, const Learnt&);

    // From here on until told otherwise something may have been lost: carrier counters that moved by more than what
    // a change tells are reported as `missed`.
    void after_loss(bool lossy) { after_loss_ = lossy; }

    const Table& table() const { return table_; }
    // Addresses whose link is not in the table: the link's message must have been lost.
    std::uint64_t orphans_seen() const { return orphans_; }

private:
    bool upsert(const rtnl::Update&, const Learnt&);
    bool remove(const rtnl::Key&, rtnl::Gone, const Learnt&);
    void remove_children(std::uint32_t ifindex, const Learnt&);
    void replace(const RowPtr& before, std::shared_ptr<Row> after, const Learnt&);
    void resolve(Row&) const;
    void rename_mentions(std::uint32_t ifindex, const Learnt&);
    void mentions(const Row&, bool add);

    std::function<void(const Change&)> changed_;
    Table table_;
    std::set<std::pair<std::uint32_t, std::uint32_t>> mentioned_by_;  // (a link, another that speaks of it)
    bool after_loss_ = false;
    std::uint64_t orphans_ = 0;
};

}  // namespace nlwatch::state
