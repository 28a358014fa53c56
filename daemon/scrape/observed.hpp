// What metrics keep by themselves: all that is no counter of the place where it happens.
#pragma once
#include <array>
#include <cstdint>
#include <utility>

#include "scrape/link_series.hpp"

namespace nlwatch::scrape {

// Of the reactor's thread. Told every change, from the first complete pass on.
class Observed {
public:
    // In the order of the label's values, metrics::labels::address_transitions.
    using AddressTransitions = std::array<std::uint64_t, 5>;

    // `table` and `selection`: see AllLinkSeries.
    Observed(const state::Table& table, record::Scope selection) : links_(table, std::move(selection)) {}

    // The first pass is complete.
    void begin(const record::Stamp& now);
    void changed(const state::Change&, const record::Stamp&);
    // [metrics] was loaded anew.
    void select(record::Scope selection, const record::Stamp& now) {
        links_.select(std::move(selection), now);
    }

    const AllLinkSeries& links() const { return links_; }
    const AddressTransitions& address_transitions() const { return address_transitions_; }

private:
    bool begun_ = false;
    AllLinkSeries links_;
    AddressTransitions address_transitions_{};
};

}  // namespace nlwatch::scrape
