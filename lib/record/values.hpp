// How a member of an object stands in JSON, where that is not plain from its type.
#pragma once
#include <cstdint>
#include <string>
#include <type_traits>
#include <vector>

#include "record/words.hpp"
#include "rtnl/name.hpp"

namespace nlwatch::record {

// The guides behind them are for clang 16, which does not deduce the arguments of aggregates (P1816) by
// itself.
//
// The field lists (link_fields.hpp, address_fields.hpp, kinds/) name each member once, and wrap it in one of
// these; the writer sees a const member, the reader one that it may set. A member that is absent (null,
// empty) is left out.

// Left out when it is 0 or false; the reader sets nothing.
template <class Value>
struct IfSet {
    Value value;
};
template <class Value>
IfSet(Value&) -> IfSet<Value&>;
template <class Value>
IfSet(Value&&) -> IfSet<Value>;

// A number that has a word; one without is written as its digits, in quotes.
template <class Number>
struct Word {
    Number& number;
    Words words;
};
template <class T>
Word(T&, Words) -> Word<T>;

// An ARPHRD_*, as its word; one without is "[519]".
template <class Number>
struct LinkType {
    Number& number;
};
template <class T>
LinkType(T&) -> LinkType<T>;

// A set of bits as a list of words; the bits without a word as one hexadecimal text.
template <class Bits>
struct WordSet {
    Bits& bits;
    Words words;
};
template <class T>
WordSet(T&, Words) -> WordSet<T>;

// A set of bits as a list of their numbers, each in quotes: bits that only the host's own files have names
// for.
template <class Bits>
struct BitNumbers {
    Bits& bits;
};
template <class T>
BitNumbers(T&) -> BitNumbers<T>;

// ifi_flags as iproute2 writes them: not RUNNING, but NO-CARRIER for what is up without it.
template <class Bits>
struct LinkFlags {
    Bits& bits;
};
template <class T>
LinkFlags(T&) -> LinkFlags<T>;

// The index of another link of this namespace, written as its name, or as "if7" when that is not known. 0 =
// absent.
template <class Index>
struct LinkName {
    Index& ifindex;
};
template <class T>
LinkName(T&) -> LinkName<T>;

// Whether a value is a text of any bytes: beside one that is not UTF-8 stands a member of its name and
// "_hex".
template <class Value>
inline constexpr bool any_bytes =
    std::is_same_v<Value, std::string> || std::is_same_v<Value, rtnl::Name> ||
    std::is_same_v<Value, rtnl::KindName> || std::is_same_v<Value, std::vector<std::string>>;
template <class Index>
inline constexpr bool any_bytes<LinkName<Index>> = true;

// A hexadecimal number in quotes, as printf's %#x has it: "0x1f", "0".
template <class Number>
struct HexNumber {
    Number& number;
};
template <class T>
HexNumber(T&) -> HexNumber<T>;

// Opaque bytes as hexadecimal digits.
template <class Bytes>
struct HexBytes {
    Bytes& bytes;
};
template <class T>
HexBytes(T&) -> HexBytes<T>;

// A link-layer address in the notation of its link's type: an IP address for tunnels, else bytes with colons
// between them.
template <class Address>
struct LinkAddress {
    Address& address;
    std::uint16_t type;  // ARPHRD_*
};
template <class T>
LinkAddress(T&, std::uint16_t) -> LinkAddress<T>;

// "8000.5a:f5:3d:e:57:e1": iproute2 pads no byte of the address.
template <class Id>
struct BridgeIdText {
    Id& id;
};
template <class T>
BridgeIdText(T&) -> BridgeIdText<T>;

// A truth value that iproute2 writes as a number.
template <class Flag>
struct FlagNumber {
    Flag& flag;
};
template <class T>
FlagNumber(T&) -> FlagNumber<T>;

}  // namespace nlwatch::record
