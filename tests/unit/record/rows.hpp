// Rows and changes of them, as the table would hand them out.
#pragma once
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "record/object_writer.hpp"
#include "state/row.hpp"
#include "support/objects.hpp"

namespace nlwatch::test {

inline state::Row row(const rtnl::Link& link, std::vector<state::MentionedName> mentioned = {}) {
    state::Row row;
    row.key = key_of(link);
    row.object = rtnl::Boxed<rtnl::Link>{link};
    row.ifname = link.ifname;
    row.link_kind = link.info.kind;
    row.mentioned = std::move(mentioned);
    return row;
}
inline state::Row row(const rtnl::Address& address, std::string_view ifname = "eth0",
                      std::string_view kind = "") {
    state::Row row;
    row.key = key_of(address);
    row.object = address;
    row.ifname = ifname;
    row.link_kind = kind;
    return row;
}
inline state::RowPtr shared(state::Row row) { return std::make_shared<const state::Row>(std::move(row)); }

inline rtnl::HardwareAddress hardware_address(std::initializer_list<std::uint8_t> bytes) {
    rtnl::HardwareAddress address;
    address.assign(std::as_bytes(std::span{bytes.begin(), bytes.size()}));
    return address;
}

template <class Object>
state::Change added(const Object& object) {
    return {.before = nullptr, .after = shared(row(object))};
}
template <class Object>
state::Change changed(const Object& before, const Object& after) {
    return {.before = shared(row(before)), .after = shared(row(after))};
}
template <class Object>
state::Change removed(const Object& object, rtnl::Gone reason = rtnl::Gone::deleted) {
    return {.before = shared(row(object)), .after = nullptr, .reason = reason};
}

inline std::string object_of(const state::Row& row) {
    std::string text;
    record::write_object(text, row);
    return text;
}

}  // namespace nlwatch::test
