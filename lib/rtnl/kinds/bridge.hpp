#pragma once

namespace nlwatch::rtnl {

struct Bridge {
    bool operator==(const Bridge&) const = default;
};
struct BridgePort {
    bool operator==(const BridgePort&) const = default;
};

}  // namespace nlwatch::rtnl
