// A state whose changes are kept, told in words, and held to the laws of folding as they come.
#pragma once
#include <vector>

#include "state/network_state.hpp"
#include "support/folded.hpp"
#include "support/objects.hpp"

namespace nlwatch::test {

// A moment, `seconds` after one long past.
state::Time at(double seconds);

class Journal {
public:
    Journal();
    Journal(const Journal&) = delete;
    Journal& operator=(const Journal&) = delete;

    state::NetworkState state;

    void live(const rtnl::Update&, double seconds = 0);
    void learn(const rtnl::Update&, state::Origin, double seconds = 0, double not_before = 0);

    Words told();  // since the last call
    const state::Change& last() const { return changes_.back(); }
    const std::vector<state::Change>& changes() const { return changes_; }
    // What a reader who folded every change holds.
    const std::map<rtnl::Key, state::RowPtr>& folded() const { return folded_.rows(); }

private:
    void note(const state::Change&);

    std::vector<state::Change> changes_;
    std::size_t told_ = 0;
    Folded folded_;
};

}  // namespace nlwatch::test
