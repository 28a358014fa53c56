#include "state/pass.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <string_view>

namespace nlwatch::state {

using rtnl::Gone;
using rtnl::Key;
using rtnl::Kind;

namespace {

// A datagram of these sizes was not full, so the dump ended for want of rows and was never resumed. Datagrams
// hold about 3.7 KB on a fresh socket and 32 KiB on one that has been read with a buffer of that size:
// whichever of the two this was, it had room for another row.
bool surely_not_full(std::size_t bytes) {
    return bytes <= 2 * 1024 || (bytes > 4 * 1024 && bytes <= 24 * 1024);
}

Key behind_all_on(std::uint32_t ifindex) {
    return {.ifindex = ifindex, .kind = Kind::address, .family = 0xff};
}

Pass::Part addresses_of(std::uint8_t family, std::uint32_t ifindex) {
    return {Kind::address, family, ifindex};
}

}  // namespace

std::vector<Pass::Part> Pass::everything() {
    // Each family by itself: together they are never known to be whole.
    return {{Kind::link, 0, 0}, {Kind::address, AF_INET, 0}, {Kind::address, AF_INET6, 0}};
}

std::size_t Pass::KeyHash::operator()(const Key& key) const {
    const std::string_view local{reinterpret_cast<const char*>(key.local.data()), key.local.size()};
    const std::size_t few =
        key.ifindex * std::size_t{131} + static_cast<std::size_t>(key.kind) * 7 + key.prefixlen;
    return std::hash<std::string_view>{}(local) ^ (few * 0x9e3779b97f4a7c15u);
}

Pass::Pass(const NetworkState& state, const NetworkState::Learnt& learnt)
    : state_(state), learnt_(learnt), replaced_before_(state.counters().replaced) {}

void Pass::event(const rtnl::Update& update) {
    touched_.insert(update.key);
    if (update.key.kind == Kind::link) {
        if (update.gone != Gone::no) links_deleted_.insert(update.key.ifindex);
        return;
    }
    addresses_touched_.insert({update.key.family, update.key.ifindex});
    if (update.gone != Gone::no) addresses_deleted_.insert({update.key.family, update.key.ifindex});
    // The table cannot take it, and in this pass no row may stand in: it could be older.
    else if (!state_.table().find(rtnl::link_key(update.key.ifindex)))
        orphaned_.insert({update.key.family, update.key.ifindex});
}

void Pass::datagram(const Part& part, std::size_t bytes, std::uint32_t last_ifindex, bool done) {
    if (last_ifindex == 0) return;  // no rows: DONE alone
    Dump& dump = dump_of(part);
    if (dump.datagrams++ > 0) dump.cuts.push_back(dump.end_of_last);
    dump.last_bytes = bytes;
    dump.done_in_last = done;
    dump.end_of_last = last_ifindex;
}

void Pass::row(rtnl::Update update) {
    seen_.push_back(update.key);
    const RowPtr known = state_.table().find(update.key);
    const bool counters =
        known && (known->carrier_ups != update.carrier_ups || known->carrier_downs != update.carrier_downs);
    if (!known || counters || known->object != update.object) differing_.push_back(std::move(update));
}

void Pass::unreadable_row(const Part& part) { dump_of(part).unreadable_rows = true; }

void Pass::dumped(const Part& part, int error) { dump_of(part).error = error; }

void Pass::close() {
    std::sort(seen_.begin(), seen_.end());
    std::stable_sort(differing_.begin(), differing_.end(),
                     [](const rtnl::Update& a, const rtnl::Update& b) { return a.key.kind < b.key.kind; });
    for (const Dump& dump : dumps_) judge(dump);
}

bool Pass::whole(const Dump& dump) const {
    return dump.datagrams == 0 ||
           (dump.datagrams == 1 && (dump.done_in_last || surely_not_full(dump.last_bytes)));
}

void Pass::judge(const Dump& dump) {
    const Part& part = dump.part;
    const bool vanished = part.ifindex != 0 && dump.error == ENODEV;
    if ((dump.error != 0 && !vanished) || dump.unreadable_rows) {
        incomplete_.push_back(part);
        return;
    }
    bool complete = whole(dump);
    if (part.kind == Kind::link)
        complete = complete || links_deleted_.empty();
    else if (part.ifindex != 0)
        complete = complete || (!addresses_touched_.contains({part.family, part.ifindex}) &&
                                !links_deleted_.contains(part.ifindex));
    else if (!complete)
        return judge_all_links(dump);

    if (complete)
        complete_.insert(part);
    else
        incomplete_.push_back(part);
}

// A dump of the addresses of all links that was resumed: decided link by link.
void Pass::judge_all_links(const Dump& dump) {
    const std::uint8_t family = dump.part.family;
    // Since Linux 6.9 the count of rows already sent is carried over to the next link, when the link at which
    // a datagram was cut loses its addresses or goes. All that follows may be skipped so, and DONE come
    // alone: the last datagram with rows was cut as well then.
    const auto loses_addresses = [&](std::uint32_t link) {
        return addresses_deleted_.contains({family, link});
    };
    const bool cut_at_end = !dump.done_in_last && !surely_not_full(dump.last_bytes);
    const bool carried_over = !links_deleted_.empty() ||
                              std::any_of(dump.cuts.begin(), dump.cuts.end(), loses_addresses) ||
                              (cut_at_end && loses_addresses(dump.end_of_last));
    std::set<std::uint32_t> links;
    for (RowPtr row = state_.table().at_or_after({}); row;
         row = state_.table().after(behind_all_on(row->key.ifindex)))
        links.insert(row->key.ifindex);
    for (const Key& key : seen_)
        if (links.empty() || *links.rbegin() != key.ifindex) links.insert(key.ifindex);
    for (const std::uint32_t ifindex : links) {
        if (carried_over || addresses_touched_.contains({family, ifindex}))
            incomplete_.push_back(addresses_of(family, ifindex));
        else
            complete_.insert(addresses_of(family, ifindex));
    }
}

bool Pass::settle(NetworkState& state, std::size_t budget, Time now) {
    learnt_.now = now;
    for (; step_ == Step::rows && budget > 0; --budget) {
        if (next_row_ == differing_.size()) {
            step_ = Step::missing_addresses;
            break;
        }
        const rtnl::Update& update = differing_[next_row_++];
        const auto orphans = state.counters().orphans;
        if (!touched(update.key)) state.apply(update, learnt_);
        if (state.counters().orphans != orphans) orphaned_.insert({update.key.family, update.key.ifindex});
    }
    if (step_ == Step::missing_addresses && erase_missing(state, Kind::address, budget))
        step_ = Step::missing_links;
    if (step_ == Step::missing_links && erase_missing(state, Kind::link, budget)) {
        step_ = Step::done;
        conclude();
    }
    return step_ == Step::done;
}

void Pass::conclude() {
    // Links were dumped first, so the link's message must be lost: the next pass must look at both again.
    if (!orphaned_.empty()) incomplete_.push_back({Kind::link, 0, 0});
    for (const auto& [family, ifindex] : orphaned_) incomplete_.push_back(addresses_of(family, ifindex));
    // An index turned out to be another link's, and the addresses of the old link went with it. A row of the
    // new link's that equalled one of them was not kept, as it said nothing new then.
    if (state_.counters().replaced != replaced_before_)
        for (const Part& part : everything()) incomplete_.push_back(part);
    std::sort(incomplete_.begin(), incomplete_.end());
    incomplete_.erase(std::unique(incomplete_.begin(), incomplete_.end()), incomplete_.end());
}

// Walks the table for rows of this kind that the dumps have proven gone; true at its end.
bool Pass::erase_missing(NetworkState& state, Kind kind, std::size_t& budget) {
    for (; budget > 0; --budget) {
        const RowPtr row = walked_ ? state.table().after(*walked_) : state.table().at_or_after({});
        if (!row) {
            walked_.reset();
            return true;
        }
        walked_ = row->key;
        if (row->key.kind != kind || touched(row->key) || !proven_gone(row->key)) continue;
        state.apply({.key = row->key, .object = row->object, .gone = Gone::deleted}, learnt_);
    }
    return false;
}

bool Pass::touched(const Key& key) const {
    return touched_.contains(key) || links_deleted_.contains(key.ifindex);
}

bool Pass::proven_gone(const Key& key) const {
    const bool complete = complete_.contains({key.kind, key.family, 0}) ||
                          complete_.contains({key.kind, key.family, key.ifindex});
    return complete && !std::binary_search(seen_.begin(), seen_.end(), key);
}

Pass::Dump& Pass::dump_of(const Part& part) {
    // Parts are dumped one behind the other: what is not the last is new.
    if (dumps_.empty() || dumps_.back().part != part) dumps_.push_back({.part = part});
    return dumps_.back();
}

}  // namespace nlwatch::state
