#include "state/table.hpp"

#include <algorithm>

namespace nlwatch::state {

namespace {
constexpr std::size_t page_rows = 256;
}

RowPtr Table::find(const rtnl::Key& key) const {
    RowPtr row = at_or_after(key);
    return row && row->key == key ? row : nullptr;
}

RowPtr Table::at_or_after(const rtnl::Key& key) const { return at(lower_bound(key)); }

RowPtr Table::after(const rtnl::Key& key) const {
    Place place = lower_bound(key);
    RowPtr row = at(place);
    if (!row || row->key != key) return row;
    if (++place.row == pages_[place.page]->size()) place = {place.page + 1, 0};
    return at(place);
}

RowPtr Table::put(RowPtr row) {
    Place place = lower_bound(row->key);
    const RowPtr there = at(place);
    if (there && there->key == row->key) return std::exchange(own(place.page)[place.row], std::move(row));

    ++size_;
    ++by_kind_[static_cast<std::size_t>(row->key.kind)];
    if (pages_.empty()) pages_.push_back(std::make_shared<Page>());
    // A row behind all others, or between two pages, joins the page before it.
    if (place.row == 0 && place.page > 0) place = {place.page - 1, pages_[place.page - 1]->size()};
    Page& page = own(place.page);
    page.insert(page.begin() + static_cast<std::ptrdiff_t>(place.row), std::move(row));
    if (page.size() > page_rows) {
        auto upper = std::make_shared<Page>(page.begin() + page_rows / 2, page.end());
        page.resize(page_rows / 2);
        pages_.insert(pages_.begin() + static_cast<std::ptrdiff_t>(place.page) + 1, std::move(upper));
    }
    return nullptr;
}

RowPtr Table::erase(const rtnl::Key& key) {
    const Place place = lower_bound(key);
    RowPtr there = at(place);
    if (!there || there->key != key) return nullptr;
    --size_;
    --by_kind_[static_cast<std::size_t>(key.kind)];
    Page& page = own(place.page);
    page.erase(page.begin() + static_cast<std::ptrdiff_t>(place.row));
    if (page.empty()) pages_.erase(pages_.begin() + static_cast<std::ptrdiff_t>(place.page));
    return there;
}

Table::Place Table::lower_bound(const rtnl::Key& key) const {
    const auto page = std::partition_point(pages_.begin(), pages_.end(),
                                           [&](const auto& p) { return p->back()->key < key; });
    if (page == pages_.end()) return {pages_.size(), 0};
    const auto row =
        std::partition_point((*page)->begin(), (*page)->end(), [&](const RowPtr& r) { return r->key < key; });
    return {static_cast<std::size_t>(page - pages_.begin()),
            static_cast<std::size_t>(row - (*page)->begin())};
}

RowPtr Table::at(Place place) const {
    return place.page < pages_.size() ? (*pages_[place.page])[place.row] : nullptr;
}

Table::Page& Table::own(std::size_t page) {
    std::shared_ptr<Page>& shared = pages_[page];
    if (shared.use_count() > 1) shared = std::make_shared<Page>(*shared);
    return *shared;
}

}  // namespace nlwatch::state
