#include "scrape/observed.hpp"

#include "record/transition.hpp"

namespace nlwatch::scrape {

void Observed::begin(const record::Stamp& now) {
    begun_ = true;
    links_.begin(now);
}

void Observed::changed(const state::Change& change, const record::Stamp& stamp) {
    if (!begun_) return;
    if (change.subject().key.kind == rtnl::Kind::link) return links_.changed(change, stamp);
    using namespace record::transition;
    static constexpr record::Transitions counted[] = {usable, unusable, tentative, dad_failed, deprecated};
    const record::Transitions told = record::transitions_of(change);
    if (told == 0) return;
    for (std::size_t i = 0; i < std::size(counted); ++i) address_transitions_[i] += (told & counted[i]) != 0;
}

}  // namespace nlwatch::scrape
