#include "state/network_state.hpp"

#include <algorithm>

namespace nlwatch::state {

using rtnl::Gone;
using rtnl::Kind;
using rtnl::link_key;

namespace {

bool learnt_late(Origin origin) { return origin != Origin::live && origin != Origin::derived; }

// Counters are 32 bits and wrap; a step of more than half their range is one backwards.
bool went_back(std::uint32_t before, std::uint32_t after) { return after - before > UINT32_MAX / 2; }

bool carrier(const Row& row) {
    const rtnl::Link* link = as_link(row);
    return link && link->carrier();
}

}  // namespace

NetworkState::NetworkState(std::function<void(const Change&)> changed) : changed_(std::move(changed)) {}

void NetworkState::apply(const rtnl::Update& update, const Learnt& learnt) {
    if (update.gone == Gone::no)
        upsert(update, learnt);
    else
        remove(update.key, update.gone, learnt);
}

void NetworkState::upsert(const rtnl::Update& update, const Learnt& learnt) {
    RowPtr before = table_.find(update.key);
    if (before && is_another_link(*before, update, learnt)) {
        ++counters_.replaced;
        remove(update.key, Gone::deleted, learnt);
        before = nullptr;
    }
    Change change{.before = before, .after = {}, .origin = learnt.origin, .at = learnt.now};
    if (before) {
        const std::uint32_t ups = update.carrier_ups - before->carrier_ups;
        const std::uint32_t downs = update.carrier_downs - before->carrier_downs;
        const bool same = update.object == before->object;
        if (same && ups == 0 && downs == 0) {
            if (learnt.origin == Origin::live)
                ++counters_.unchanged[static_cast<std::size_t>(update.key.kind)];
            return;
        }
        const std::shared_ptr<Row> row = complete(update, learnt.now);
        if (after_loss_ && update.key.kind == Kind::link) {
            change.missed_ups = ups - std::min<std::uint32_t>(ups, !carrier(*before) && carrier(*row));
            change.missed_downs = downs - std::min<std::uint32_t>(downs, carrier(*before) && !carrier(*row));
        }
        change.after = row;
        if (learnt_late(learnt.origin)) change.not_before = std::max(before->known, learnt.not_before);
        if (same && change.missed_ups == 0 && change.missed_downs == 0) {
            table_.put(change.after);  // the counters only
            if (learnt.origin == Origin::live)
                ++counters_.unchanged[static_cast<std::size_t>(update.key.kind)];
            return;
        }
    } else {
        if (update.key.kind != Kind::link && !table_.find(link_key(update.key.ifindex))) {
            ++counters_.orphans;
            return;
        }
        change.after = complete(update, learnt.now);
    }

    if (before) index_mentions(*before, false);
    index_mentions(*change.after, true);
    table_.put(change.after);
    const bool names = update.key.kind == Kind::link && (!before || before->ifname != change.after->ifname ||
                                                         before->link_kind != change.after->link_kind);
    publish(std::move(change));
    if (names) names_changed(update.key.ifindex, learnt.now);
}

void NetworkState::remove(const rtnl::Key& key, Gone reason, const Learnt& learnt) {
    if (key.kind == Kind::link) {
        // The kernel says DELADDR for each address before DELLINK; where it could not, or did not reach us,
        // we say it.
        const Learnt derived{Origin::derived, learnt.now, {}};
        for (RowPtr row = table_.after(key); row && row->key.ifindex == key.ifindex; row = table_.after(key))
            remove(row->key, Gone::link_removed, derived);
    }
    const RowPtr before = table_.erase(key);
    if (!before) return;
    index_mentions(*before, false);
    Change change{.before = before, .after = {}, .origin = learnt.origin, .reason = reason, .at = learnt.now};
    if (learnt_late(learnt.origin)) change.not_before = std::max(before->known, learnt.not_before);
    publish(std::move(change));
    if (key.kind == Kind::link) names_changed(key.ifindex, learnt.now);
}

// The kernel numbers links upwards, but takes an index that is free again on request, and has no generation
// number. While nothing is lost DELLINK tells; else these do: none of them changes in the life of one link.
bool NetworkState::is_another_link(const Row& before, const rtnl::Update& update,
                                   const Learnt& learnt) const {
    const rtnl::Link* was = as_link(before);
    const rtnl::Link* is = rtnl::as_link(update.object);
    if (!was || !is || (!after_loss_ && !learnt_late(learnt.origin))) return false;
    return was->info.kind != is->info.kind || was->type != is->type ||
           (!was->permanent_address.empty() && !is->permanent_address.empty() &&
            was->permanent_address != is->permanent_address) ||
           went_back(before.carrier_ups, update.carrier_ups) ||
           went_back(before.carrier_downs, update.carrier_downs);
}

std::shared_ptr<Row> NetworkState::complete(const rtnl::Update& update, Time now) const {
    auto row = std::make_shared<Row>();
    row->key = update.key;
    row->object = update.object;
    row->carrier_ups = update.carrier_ups;
    row->carrier_downs = update.carrier_downs;
    row->known = now;
    if (const rtnl::Link* link = rtnl::as_link(update.object)) {
        row->ifname = link->ifname;
        row->link_kind = link->info.kind;
        resolve_mentions(*row);
    } else if (const RowPtr below = table_.find(link_key(update.key.ifindex))) {
        row->ifname = below->ifname;
        row->link_kind = below->link_kind;
    }
    return row;
}

void NetworkState::resolve_mentions(Row& row) const {
    row.mentioned.clear();
    for (const std::uint32_t ifindex : rtnl::mentioned_links(*as_link(row)))
        if (const RowPtr other = table_.find(link_key(ifindex)))
            row.mentioned.push_back({ifindex, other->ifname});
}

void NetworkState::index_mentions(const Row& row, bool add) {
    const rtnl::Link* link = as_link(row);
    if (!link) return;
    for (const std::uint32_t other : rtnl::mentioned_links(*link)) {
        if (add)
            mentioned_by_.emplace(other, row.key.ifindex);
        else
            mentioned_by_.erase({other, row.key.ifindex});
    }
}

// A link came, went or changed its name or kind: the rows that carry it follow, since the kernel says nothing
// of them.
void NetworkState::names_changed(std::uint32_t ifindex, Time now) {
    const auto follow = [&](const RowPtr& before, auto&& change_names) {
        auto row = std::make_shared<Row>(*before);
        change_names(*row);
        if (same_state(*before, *row)) return;
        table_.put(row);
        publish({.before = before, .after = row, .origin = Origin::derived, .at = now});
    };
    if (const RowPtr link = table_.find(link_key(ifindex))) {
        for (RowPtr row = table_.after(link->key); row && row->key.ifindex == ifindex;
             row = table_.after(row->key))
            follow(row, [&](Row& changed) {
                changed.ifname = link->ifname;
                changed.link_kind = link->link_kind;
            });
    }
    for (auto at = mentioned_by_.lower_bound({ifindex, 0}); at != mentioned_by_.end() && at->first == ifindex;
         ++at)
        if (const RowPtr row = table_.find(link_key(at->second)))
            follow(row, [&](Row& changed) { resolve_mentions(changed); });
}

void NetworkState::publish(Change change) {
    ++counters_.changes[static_cast<std::size_t>(change.origin)][static_cast<std::size_t>(change.op())];
    changed_(change);
}

}  // namespace nlwatch::state
