// What metrics tell of single links: followed change by change, since a scrape sees too little of what was.
#pragma once
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <set>
#include <unordered_map>
#include <vector>

#include "record/filter.hpp"
#include "record/stamp.hpp"
#include "state/table.hpp"

namespace nlwatch::scrape {

// The series of one link, and of one name: a renamed link begins new ones.
struct LinkSeries {
    // In the order of the label's values, metrics::labels::link_transitions.
    enum class Transition : std::uint8_t { carrier_up, carrier_down, state_up, state_down };
    static constexpr std::size_t transitions = 4;

    rtnl::Name device;  // any bytes
    bool up{}, admin_up{}, carrier{};
    std::chrono::system_clock::time_point last_change;  // of those three; at first, when the series began
    std::array<std::uint64_t, transitions> told{};      // since the series began
};

// Those of all links that are selected, up to a number: each series costs every scrape and the Prometheus
// behind it.
class AllLinkSeries {
public:
    static constexpr std::size_t most = 1'000;  // links

    // `table` holds each change before it is told here, and must outlive this.
    AllLinkSeries(const state::Table& table, record::Scope selection);

    // From here on, with the links that the table has. Changes that were told before are no transitions.
    void begin(const record::Stamp& now);
    // Cheap: a look-up, unless a link comes, goes or is renamed.
    void changed(const state::Change&, const record::Stamp&);
    // Another selection: series that it keeps go on.
    void select(record::Scope selection, const record::Stamp& now);

    std::vector<LinkSeries> copy() const;                      // in no order
    std::size_t left_out() const { return left_out_.size(); }  // links that are selected, beyond `most`

private:
    void admit(const state::Row&, const record::Stamp&);
    void dismiss(std::uint32_t ifindex, const record::Stamp&);
    void fill_up(const record::Stamp&);

    const state::Table& table_;
    record::Scope selection_;
    bool begun_ = false;
    std::unordered_map<std::uint32_t, LinkSeries> by_ifindex_;
    std::set<std::uint32_t> left_out_;
};

}  // namespace nlwatch::scrape
