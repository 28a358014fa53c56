// What nlwatch holds to be the kernel's state: the table, and its only writer.
#pragma once
#include <array>
#include <cstdint>
#include <functional>
#include <set>
#include <utility>

#include "state/row.hpp"
#include "state/table.hpp"

namespace nlwatch::state {

// Whatever it learns leaves through `changed`, in an order that folds: a link before what is on it, removals
// the other way round, behind a rename the rows that carry the name. One update may make many changes, or
// none. When `changed` is called the table already holds the change. Not re-entrant: `changed` must not call
// apply().
class NetworkState {
public:
    explicit NetworkState(std::function<void(const Change&)> changed);

    // How updates are learnt. `not_before` counts for the origins that learn late only (see Change).
    struct Learnt {
        Origin origin = Origin::live;
        Time now{};
        Time not_before{};
    };
    void apply(const rtnl::Update&, const Learnt&);

    // From here on until told otherwise something may have been lost: carrier counters that moved by more
    // than a change tells are reported as `missed`, and an index with another kind or hardware is another
    // link.
    void after_loss(bool lossy) { after_loss_ = lossy; }

    const Table& table() const { return table_; }

    // How many changes left, and what did not become one.
    struct Counters {
        std::array<std::array<std::uint64_t, ops>, origins> changes{};  // by origin and op
        std::array<std::uint64_t, rtnl::kinds> unchanged{};  // live updates that said nothing new, by kind
        std::uint64_t
            orphans{};  // addresses left out since their link is not in the table: its message must be lost
        std::uint64_t
            replaced{};  // links under whose index another was found: their addresses went with them
    };
    const Counters& counters() const { return counters_; }

private:
    void upsert(const rtnl::Update&, const Learnt&);
    void remove(const rtnl::Key&, rtnl::Gone, const Learnt&);
    bool is_another_link(const Row& before, const rtnl::Update&, const Learnt&) const;
    std::shared_ptr<Row> complete(const rtnl::Update&, Time now) const;
    void resolve_mentions(Row&) const;
    void index_mentions(const Row&, bool add);
    void names_changed(std::uint32_t ifindex, Time now);
    void publish(Change);

    std::function<void(const Change&)> changed_;
    Table table_;
    std::set<std::pair<std::uint32_t, std::uint32_t>> mentioned_by_;  // (a link, another that speaks of it)
    bool after_loss_ = false;
    Counters counters_;
};

}  // namespace nlwatch::state
