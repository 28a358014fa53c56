// A state whose changes are kept, told in words, and held to the laws of folding as they come.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "state/network_state.hpp"
#include "support/objects.hpp"

namespace nlwatch::test {

using Words = std::vector<std::string>;

// A moment, `seconds` after one long past.
state::Time at(double seconds);

// "live added eth0", "derived removed 192.0.2.1 on eth0 (link_removed)", "resync changed eth0, missed 2 up 1
// down".
std::string words(const state::Change&);

// Every change fails the test that does not fold: an object added twice, changed or removed while unknown,
// another `before` than was told last, an address without its link, a table that does not hold what is told.
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
    const std::map<rtnl::Key, state::RowPtr>& folded() const { return folded_; }

private:
    void note(const state::Change&);

    std::vector<state::Change> changes_;
    std::size_t told_ = 0;
    std::map<rtnl::Key, state::RowPtr> folded_;
};

}  // namespace nlwatch::test
