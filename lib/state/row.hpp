// One row of the table: an object, complete in itself, and what a change of it looks like.
#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "rtnl/object.hpp"

namespace nlwatch::state {

using Time = std::chrono::steady_clock::time_point;  // CLOCK_MONOTONIC

// The name of a link that another one speaks of by index.
struct MentionedName {
    std::uint32_t ifindex{};
    rtnl::Name name;
    bool operator==(const MentionedName&) const = default;
};

// Complete in itself: the names of other links are resolved into it by NetworkState alone, so that diff,
// filter and JSON look nothing up. Immutable once in the table: a change replaces it.
struct Row {
    rtnl::Key key;
    rtnl::Object object;
    rtnl::Name ifname;         // the link's own; of an address: of the link that it is on; empty = not known
    rtnl::KindName link_kind;  // IFLA_INFO_KIND, likewise; empty = none
    std::vector<MentionedName>
        mentioned;  // links: of mentioned_links() those that are in the table, in the same order
    std::uint32_t carrier_ups{},
        carrier_downs{};  // not state: never compared, kept to tell of flaps that nobody saw
    Time known{};         // when it became so

    // "" if the table does not have that link.
    std::string_view name_of(std::uint32_t ifindex) const;
};
using RowPtr = std::shared_ptr<const Row>;

// The same state: all but what is said above not to be compared.
bool same_state(const Row&, const Row&);

inline const rtnl::Link* as_link(const Row& row) { return rtnl::as_link(row.object); }
inline const rtnl::Address* as_address(const Row& row) { return rtnl::as_address(row.object); }

enum class Op : std::uint8_t { added, changed, removed };
enum class Origin : std::uint8_t {
    live,     // the kernel's own message
    derived,  // follows from one; the kernel sends none: an address that went with its link, a name changed
              // elsewhere
    resync,   // learnt by a pass after a loss
    audit,    // learnt by a pass without a loss
    restart,  // changed while nlwatch was down
};
inline constexpr std::size_t ops = 3, origins = 5;

struct Change {
    RowPtr before, after;  // not both null
    Origin origin{};
    rtnl::Gone reason{};  // of a removal
    Time at{};            // when it was learnt
    Time not_before{};    // origins resync, audit, restart: when `before` was known to hold; it changed later
    std::uint32_t missed_ups{},
        missed_downs{};  // carrier changes beyond what before and after tell; after a loss only

    Op op() const { return !before ? Op::added : !after ? Op::removed : Op::changed; }
    const Row& subject() const { return after ? *after : *before; }
};

}  // namespace nlwatch::state
