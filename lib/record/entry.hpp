// What is known of a rendered record without looking into its line.
#pragma once
#include <cstdint>
#include <string_view>

#include "record/transition.hpp"
#include "rtnl/name.hpp"
#include "state/row.hpp"

namespace nlwatch::record {

// All that a scope asks of an object.
struct Subject {
    rtnl::Kind kind{};
    rtnl::Name ifname;
    rtnl::KindName link_kind;  // empty = none

    Subject() = default;
    explicit Subject(const state::Row& row)
        : kind(row.key.kind), ifname(row.ifname), link_kind(row.link_kind) {}
    bool operator==(const Subject&) const = default;
};

// One for each numbered record, of fixed size: neither a filter nor a rule before a sink parses a line.
struct Entry {
    enum class Frame : std::uint8_t { none, resync_begin, resync_end, reload };  // none: an object record

    state::Time learnt{};     // the record's `time`, on the clock that only goes on
    std::uint64_t offset{};   // where the line stands in the ring; the ring's own
    std::uint32_t size{};     // bytes of the line, its '\n' included
    std::uint32_t ifindex{};  // of an object record: the link's own, or of the link that the address is on
    std::uint16_t op_at{};    // of an object record: where in the line the op's word stands
    Transitions transitions{};
    state::Op op{};
    Frame frame{};          // frames pass every scope
    Subject before, after;  // of an object record; before the change and after it. Equal but for a rename
};

std::string_view op_name(state::Op);        // "added", "changed", "removed"
std::string_view kind_name(rtnl::Kind);     // "link", "address"
std::string_view frame_type(Entry::Frame);  // "resync.begin", …; the record's type

}  // namespace nlwatch::record
