#include "record/transition.hpp"

#include <linux/if.h>
#include <linux/if_addr.h>

#include "record/link_state.hpp"

namespace nlwatch::record {

namespace {

constexpr std::string_view names[transition_count] = {
    "admin_up",       "admin_down", "carrier_up", "carrier_down", "state_up",   "state_down", "renamed",
    "master_changed", "usable",     "unusable",   "tentative",    "dad_failed", "deprecated"};

Transitions edge(bool before, bool after, Transitions rising, Transitions falling) {
    return before == after ? 0 : after ? rising : falling;
}

// What is not there is down, without carrier, unusable: so what appears up has come up.
Transitions of_link(const rtnl::Link* before, const rtnl::Link* after) {
    using namespace transition;
    Transitions told =
        edge(before && before->flags & IFF_UP, after && after->flags & IFF_UP, admin_up, admin_down) |
        edge(before && before->carrier(), after && after->carrier(), carrier_up, carrier_down) |
        edge(before && is_up(*before), after && is_up(*after), state_up, state_down);
    if (before && after && before->ifname != after->ifname) told |= renamed;
    if (before && after && before->master != after->master) told |= master_changed;
    return told;
}

Transitions of_address(const rtnl::Address* before, const rtnl::Address* after) {
    using namespace transition;
    const auto flag = [](const rtnl::Address* address, std::uint32_t bit) {
        return address && address->flags & bit;
    };
    Transitions told = edge(before && before->usable(), after && after->usable(), usable, unusable);
    if (flag(after, IFA_F_TENTATIVE) && !flag(before, IFA_F_TENTATIVE)) told |= tentative;
    if (flag(after, IFA_F_DADFAILED) && !flag(before, IFA_F_DADFAILED)) told |= dad_failed;
    if (flag(after, IFA_F_DEPRECATED) && !flag(before, IFA_F_DEPRECATED)) told |= deprecated;
    return told;
}

}  // namespace

std::string_view transition_name(int bit) { return names[bit]; }

std::optional<Transitions> transition_named(std::string_view name) {
    for (int bit = 0; bit < transition_count; ++bit)
        if (names[bit] == name) return static_cast<Transitions>(1 << bit);
    return std::nullopt;
}

Transitions transitions_of(const state::Change& change) {
    const auto object = [](const state::RowPtr& row, auto get) { return row ? get(*row) : nullptr; };
    if (change.subject().key.kind == rtnl::Kind::link) {
        const auto link = [](const state::Row& row) { return state::as_link(row); };
        return of_link(object(change.before, link), object(change.after, link));
    }
    const auto address = [](const state::Row& row) { return state::as_address(row); };
    return of_address(object(change.before, address), object(change.after, address));
}

}  // namespace nlwatch::record
