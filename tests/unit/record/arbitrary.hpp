// Rows of arbitrary content: each field of the field lists, and each kind of data.
#pragma once
#include <iosfwd>

#include "state/row.hpp"

namespace nlwatch::test {

// To be called within rc::check: they draw from its generators, so that what fails shrinks.
state::Row arbitrary_row();
// The same object with some of its fields drawn anew.
state::Row arbitrarily_changed(const state::Row&);

}  // namespace nlwatch::test

namespace nlwatch::state {

void showValue(const Row&, std::ostream&);  // how RapidCheck shows one

}  // namespace nlwatch::state
