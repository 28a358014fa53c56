#include "scrape/link_series.hpp"

#include <linux/if.h>

#include <utility>

#include "record/link_state.hpp"
#include "record/transition.hpp"

namespace nlwatch::scrape {

namespace {

using Transition = LinkSeries::Transition;

std::uint64_t& of(LinkSeries& series, Transition transition) {
    return series.told[static_cast<std::size_t>(transition)];
}

void take_state(LinkSeries& series, const rtnl::Link& link) {
    series.up = record::is_up(link);
    series.admin_up = (link.flags & IFF_UP) != 0;
    series.carrier = link.carrier();
}

// Counts what the change tells; false if nothing of what the series show has changed.
bool count(LinkSeries& series, const state::Change& change) {
    using namespace record::transition;
    const record::Transitions told = record::transitions_of(change);
    of(series, Transition::carrier_up) += ((told & carrier_up) != 0) + std::uint64_t{change.missed_ups};
    of(series, Transition::carrier_down) += ((told & carrier_down) != 0) + std::uint64_t{change.missed_downs};
    of(series, Transition::state_up) += (told & state_up) != 0;
    of(series, Transition::state_down) += (told & state_down) != 0;
    return (told & (admin_up | admin_down | carrier_up | carrier_down | state_up | state_down)) != 0 ||
           change.missed_ups != 0 || change.missed_downs != 0;
}

}  // namespace

AllLinkSeries::AllLinkSeries(const state::Table& table, record::Scope selection)
    : table_(table), selection_(std::move(selection)) {}

void AllLinkSeries::begin(const record::Stamp& now) {
    begun_ = true;
    select(selection_, now);
}

void AllLinkSeries::changed(const state::Change& change, const record::Stamp& stamp) {
    if (!begun_ || change.subject().key.kind != rtnl::Kind::link) return;
    const std::uint32_t ifindex = change.subject().key.ifindex;
    if (!change.before || !change.after || change.before->ifname != change.after->ifname) {
        // What else a renaming brings is counted for neither of the two names.
        if (change.before) dismiss(ifindex, stamp);
        if (change.after) admit(*change.after, stamp);
        return;
    }
    if (change.before->link_kind != change.after->link_kind) {
        if (!selection_.covers(record::Subject(*change.after))) dismiss(ifindex, stamp);
        admit(*change.after, stamp);
    }
    const auto found = by_ifindex_.find(ifindex);
    if (found == by_ifindex_.end()) return;
    if (count(found->second, change)) {
        take_state(found->second, *state::as_link(*change.after));
        found->second.last_change = stamp.utc;
    }
}

void AllLinkSeries::select(record::Scope selection, const record::Stamp& now) {
    selection_ = std::move(selection);
    left_out_.clear();
    if (!begun_) return;
    std::erase_if(by_ifindex_, [&](const auto& entry) {
        const state::RowPtr row = table_.find(rtnl::link_key(entry.first));
        return !row || !selection_.covers(record::Subject(*row));
    });
    for (state::RowPtr row = table_.at_or_after({}); row; row = table_.after(row->key))
        if (row->key.kind == rtnl::Kind::link) admit(*row, now);
}

// A link that has series keeps them.
void AllLinkSeries::admit(const state::Row& row, const record::Stamp& now) {
    if (by_ifindex_.contains(row.key.ifindex) || !selection_.covers(record::Subject(row))) return;
    if (by_ifindex_.size() >= most) {
        left_out_.insert(row.key.ifindex);
        return;
    }
    LinkSeries& series = by_ifindex_[row.key.ifindex];
    series.device = row.ifname;
    series.last_change = now.utc;
    take_state(series, *state::as_link(row));
}

void AllLinkSeries::dismiss(std::uint32_t ifindex, const record::Stamp& now) {
    left_out_.erase(ifindex);
    if (by_ifindex_.erase(ifindex) > 0) fill_up(now);
}

// Whose place became free goes to one that had none.
void AllLinkSeries::fill_up(const record::Stamp& now) {
    while (!left_out_.empty() && by_ifindex_.size() < most) {
        const state::RowPtr row = table_.find(rtnl::link_key(left_out_.extract(left_out_.begin()).value()));
        if (row) admit(*row, now);
    }
}

std::vector<LinkSeries> AllLinkSeries::copy() const {
    std::vector<LinkSeries> series;
    series.reserve(by_ifindex_.size());
    for (const auto& [ifindex, of_link] : by_ifindex_) series.push_back(of_link);
    return series;
}

}  // namespace nlwatch::scrape
