#pragma once

namespace nlwatch::rtnl {

struct Vxlan {
    bool operator==(const Vxlan&) const = default;
};

}  // namespace nlwatch::rtnl
