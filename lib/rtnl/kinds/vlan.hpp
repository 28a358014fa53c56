#pragma once

namespace nlwatch::rtnl {

struct Vlan {
    bool operator==(const Vlan&) const = default;
};

}  // namespace nlwatch::rtnl
