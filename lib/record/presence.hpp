// Whether a member of an object is there at all: what is absent is left out of the record.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "record/values.hpp"
#include "rtnl/hardware_address.hpp"
#include "rtnl/ip_address.hpp"
#include "rtnl/link_info.hpp"
#include "rtnl/name.hpp"

namespace nlwatch::record {

// Anything but 0 and false.
template <class T>
requires std::is_arithmetic_v<T>
bool is_set(const T& value) { return value != T{}; }
template <class T>
bool is_set(const std::optional<T>& value) {
    return value && is_set(*value);
}
template <class T>
bool is_set(const Word<T>& value) {
    return is_set(value.number);
}
template <class T>
bool is_set(const WordSet<T>& value) {
    return is_set(value.bits);
}
template <class T>
bool is_set(const HexNumber<T>& value) {
    return is_set(value.number);
}
template <class T>
bool is_set(const BitNumbers<T>& value) {
    return is_set(value.bits);
}

// A number or a truth value is always there; texts, lists and addresses are unless they are empty.
template <class T>
bool present(const T&) {
    return true;
}
template <class T>
bool present(const std::optional<T>& value) {
    return value.has_value();
}
template <class T>
bool present(const std::vector<T>& list) {
    return !list.empty();
}
template <std::size_t N>
bool present(const rtnl::FixedString<N>& text) {
    return !text.empty();
}
inline bool present(const std::string& text) { return !text.empty(); }
inline bool present(std::string_view text) { return !text.empty(); }
inline bool present(const rtnl::IpAddress& address) { return !address.empty(); }
inline bool present(const rtnl::HardwareAddress& address) { return !address.empty(); }
inline bool present(const rtnl::LinkInfo& info) { return !info.kind.empty() || !info.port_kind.empty(); }
template <class T>
bool present(const Word<T>& value) {
    return present(value.number);
}
template <class T>
bool present(const HexNumber<T>& value) {
    return present(value.number);
}
template <class T>
bool present(const HexBytes<T>& value) {
    return present(value.bytes);
}
template <class T>
bool present(const LinkAddress<T>& value) {
    return present(value.address);
}
template <class T>
bool present(const FlagNumber<T>& value) {
    return present(value.flag);
}
template <class T>
bool present(const IfSet<T>& value) {
    return is_set(value.value);
}
template <class T>
bool present(const LinkName<T>& value) {
    return is_set(value.ifindex);
}

}  // namespace nlwatch::record
