// Writes a row's object as JSON, and what differs between two of them.
#pragma once
#include <string>

#include "state/row.hpp"

namespace nlwatch::record {

// Appends the object.
void write_object(std::string& out, const state::Row&);

// Appends the object of old values of all members that differ, null for one that was absent. Two rows of one
// key; `before` of records.md. Exact: what reads the same does not differ.
void write_before(std::string& out, const state::Row& before, const state::Row& after);

}  // namespace nlwatch::record
