#pragma once

namespace nlwatch::rtnl {

struct Macvlan {
    bool operator==(const Macvlan&) const = default;
};

}  // namespace nlwatch::rtnl
