// Writes a row's object as JSON, and finds what differs between two of them.
#pragma once
#include <array>
#include <cassert>
#include <cstdint>
#include <string>
#include <string_view>

#include "state/row.hpp"

namespace nlwatch::record {

// The members of an object that was written, in the order of the field list, so that those of two objects of
// one kind stand side by side.
struct Members {
    // Without initial values: a list is made for each record, and only `count` of it is ever looked at.
    struct Member {
        const char* name;          // static
        std::uint32_t begin, end;  // of the value in the text; equal = absent
        bool is_hex;               // its name is followed by "_hex"
    };
    std::array<Member, 64> list;  // more than any kind's field list has, the _hex members included
    std::size_t count = 0;

    void add(const Member& member) {
        assert(count < list.size());
        if (count < list.size()) list[count++] = member;
    }
};

// Appends the object; `members`, if given, then says where in `out` each value stands.
void write_object(std::string& out, const state::Row&, Members* members = nullptr);
// The same of a row that another one follows; a `linkinfo` that is equal in both is left out of the text, and
// of what write_before() then finds, since it is the larger half of many links.
void write_former_object(std::string& out, const state::Row& former, const state::Row& now, Members& members);

// Appends the object of old values of all members that differ, null for one that was absent. The texts are
// those that were written with the members.
void write_before(std::string& out, const Members& before, std::string_view before_text, const Members& after,
                  std::string_view after_text);

}  // namespace nlwatch::record
