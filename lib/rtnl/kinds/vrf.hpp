#pragma once

namespace nlwatch::rtnl {

struct Vrf {
    bool operator==(const Vrf&) const = default;
};
struct VrfPort {
    bool operator==(const VrfPort&) const = default;
};

}  // namespace nlwatch::rtnl
