#pragma once

namespace nlwatch::rtnl {

struct Tun {
    bool operator==(const Tun&) const = default;
};

}  // namespace nlwatch::rtnl
