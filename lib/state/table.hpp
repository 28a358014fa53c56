// The table of all rows, as a value: a copy is cheap, exact, and stays as it is whatever the original
// becomes.
#pragma once
#include <cstddef>
#include <memory>
#include <vector>

#include "state/row.hpp"

namespace nlwatch::state {

// Ordered rows in pages that copies share. Copying costs O(pages); a writer clones a page before touching it
// while a copy still holds it. Not thread-safe: copies may be read elsewhere, but are made and dropped by the
// thread that writes.
class Table {
public:
    RowPtr find(const rtnl::Key&) const;  // null if there is none
    // The two iterators. A walk remembers a key, not a place, so it may pause for any time and go on in a
    // changed table.
    RowPtr at_or_after(const rtnl::Key&) const;  // null at the end
    RowPtr after(const rtnl::Key&) const;        // null at the end
    RowPtr put(RowPtr);                          // returns what it replaced, or null
    RowPtr erase(const rtnl::Key&);              // returns what was there, or null
    std::size_t size() const { return size_; }
    std::size_t size(rtnl::Kind kind) const { return by_kind_[static_cast<std::size_t>(kind)]; }

private:
    using Page = std::vector<RowPtr>;
    struct Place {
        std::size_t page, row;
    };
    Place lower_bound(const rtnl::Key&) const;  // of the first row not before the key
    RowPtr at(Place) const;
    Page& own(std::size_t page);

    std::vector<std::shared_ptr<Page>> pages_;  // sorted, none empty, at most page_rows each
    std::size_t size_ = 0;
    std::size_t by_kind_[rtnl::kinds]{};
};

}  // namespace nlwatch::state
