// What feeds are tried against: a run that has begun with lo, eth2 and an address on it, and has published
// nothing yet.
#pragma once
#include <gtest/gtest.h>

#include "fold.hpp"
#include "world.hpp"

namespace nlwatch::test {

struct Served : testing::Test {
    explicit Served(std::size_t ring_bytes = 1 << 20) : world(ring_bytes) {
        world.link(1, "lo");
        world.link(2, "eth2");
        world.address(2, 10);
        world.backlog.set_settled(true);
        world.backlog.begin();
    }
    record::Position at(std::uint64_t seq) const { return {run, seq}; }
    backlog::Request since(std::uint64_t seq) const {
        backlog::Request request;
        request.since = at(seq);
        return request;
    }
    World world;
};
struct ServedFromALargeRing : Served {
    ServedFromALargeRing() : Served(16 << 20) {}
};
struct ServedFromALittleRing : Served {
    ServedFromALittleRing() : Served(8192) {}
    // Until the tail has passed `seq`.
    void overtake(std::uint64_t seq) {
        while (world.backlog.ring().first_good() <= seq + 1) world.churn(2, 1);
    }
    std::uint64_t oldest() const { return world.backlog.ring().first_good(); }
};

inline const std::vector<std::string> whole_snapshot{"hello",      "snapshot.begin", "link.added",
                                                     "link.added", "address.added",  "snapshot.end"};

}  // namespace nlwatch::test
