// What a reader holds who folds every change; and a change in words.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "state/table.hpp"

namespace nlwatch::test {

using Words = std::vector<std::string>;

// "live added eth0", "derived removed 192.0.2.1 on eth0 (link_removed)", "resync changed eth0, missed 2 up 1
// down".
std::string words(const state::Change&);

// Every change fails the test that does not fold: an object added twice, changed or removed while unknown,
// another `before` than was told last, an address without its link, a table that does not hold what is told.
class Folded {
public:
    void take(const state::Change&, const state::Table& source);
    const std::map<rtnl::Key, state::RowPtr>& rows() const { return rows_; }

private:
    std::map<rtnl::Key, state::RowPtr> rows_;
};

}  // namespace nlwatch::test
