// A moment on both clocks: what a record is stamped with.
#pragma once
#include <chrono>

#include "state/row.hpp"

namespace nlwatch::record {

struct Stamp {
    state::Time monotonic{};
    std::chrono::system_clock::time_point utc{};

    static Stamp now() { return {state::Time::clock::now(), std::chrono::system_clock::now()}; }
    // The same moment's wall clock for another monotonic one: as the clocks stand to each other now.
    std::chrono::system_clock::time_point utc_of(state::Time other) const {
        return utc + std::chrono::duration_cast<std::chrono::system_clock::duration>(other - monotonic);
    }
};

}  // namespace nlwatch::record
