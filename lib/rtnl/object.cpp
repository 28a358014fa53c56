#include "rtnl/object.hpp"

namespace nlwatch::rtnl {

Key key_of(const Link& link) { return link_key(link.ifindex); }

Key key_of(const Address& address) {
    Key key{.ifindex = address.ifindex,
            .kind = Kind::address,
            .family = address.family,
            .prefixlen = 0,
            .local = address.local.bytes,
            .peer = {}};
    if (address.family == AF_INET) {
        key.prefixlen = address.prefixlen;
        key.peer = address.peer.bytes;
    }
    return key;
}

}  // namespace nlwatch::rtnl
