// Walks a nest of attributes for a decoder.
#pragma once
#include "netlink/attribute.hpp"

namespace nlwatch::rtnl {

// Hands each attribute to `decode`, which says whether it was well formed (what it does not know is). False
// at the first that was not, and where a length is impossible.
template <class Decode>
bool decode_each(netlink::AttributeReader attributes, Decode decode) {
    while (const auto attribute = attributes.next())
        if (!decode(*attribute)) return false;
    return !attributes.broken();
}

}  // namespace nlwatch::rtnl
