// From a netlink message to what it says: the one switch over message types.
#pragma once
#include <variant>

#include "netlink/message.hpp"
#include "rtnl/object.hpp"

namespace nlwatch::rtnl {

enum class Ignored : std::uint8_t {
    bridge_port,   // RTM_NEWLINK or RTM_DELLINK of AF_BRIDGE: a port's state changed or it left; never a
                   // link's deletion
    wireless,      // a NEWLINK of the wireless extensions: name and flags only
    unknown_type,  // not a link or an address, or of a family that has its own (AF_INET6 links, AF_DECnet
                   // addresses)
};
struct Malformed {
};  // an attribute too short or with an impossible length, no room for the fixed part, or no identity

using Decoded = std::variant<Update, Ignored, Malformed>;

// Pure. Unknown attributes are skipped. A DELLINK needs an index only, a NEWLINK a name too, an address what
// makes its key.
Decoded decode(const netlink::Message&);

}  // namespace nlwatch::rtnl
