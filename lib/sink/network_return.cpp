#include "sink/network_return.hpp"

#include <linux/rtnetlink.h>

namespace nlwatch::sink {

namespace {

// rtnetlink(7): scopes narrow with their number; global, site and those that administrators name are wider.
bool reaches_out(const rtnl::Address* address) {
    return address && address->usable() && address->scope < RT_SCOPE_LINK;
}

bool has_carrier(const rtnl::Link* link) { return link && link->carrier(); }

bool holds_one_that_reaches_out(const state::Table& table, std::uint32_t ifindex) {
    const auto of_link = [&](const state::RowPtr& row) { return row && row->key.ifindex == ifindex; };
    for (auto row = table.after(rtnl::link_key(ifindex)); of_link(row); row = table.after(row->key))
        if (reaches_out(state::as_address(*row))) return true;
    return false;
}

}  // namespace

bool network_returned(const state::Change& change, const state::Table& table) {
    if (!change.after) return false;
    if (const rtnl::Address* after = state::as_address(*change.after))
        return reaches_out(after) &&
               !reaches_out(change.before ? state::as_address(*change.before) : nullptr);
    return has_carrier(state::as_link(*change.after)) &&
           !has_carrier(change.before ? state::as_link(*change.before) : nullptr) &&
           holds_one_that_reaches_out(table, change.after->key.ifindex);
}

}  // namespace nlwatch::sink
