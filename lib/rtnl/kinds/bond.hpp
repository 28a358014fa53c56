#pragma once

namespace nlwatch::rtnl {

struct Bond {
    bool operator==(const Bond&) const = default;
};
struct BondPort {
    bool operator==(const BondPort&) const = default;
};

}  // namespace nlwatch::rtnl
