// A pass as a conversation: what the kernel says in a window, event by event and datagram by datagram.
#pragma once
#include <gtest/gtest.h>

#include <optional>

#include "state/pass.hpp"
#include "support/journal.hpp"

namespace nlwatch::test {

using state::Pass;

inline const Pass::Part links{rtnl::Kind::link, 0, 0};
Pass::Part inet_of(std::uint32_t ifindex);   // 0: all links
Pass::Part inet6_of(std::uint32_t ifindex);  // likewise

inline constexpr std::size_t small = 1'000,
                             full = 32'000;  // bytes of a datagram: surely not full, surely full

struct Chunk {
    std::size_t bytes{};
    std::vector<rtnl::Update> rows;
    bool done = false;  // NLMSG_DONE is in it, too
};

class PassConversation : public testing::Test {
protected:
    // What the table held before anything was lost.
    void known(std::initializer_list<rtnl::Update>);
    void open(state::Origin = state::Origin::resync, double not_before = 0);
    void event(const rtnl::Update&);
    // Rows in these datagrams; behind the last, DONE alone if it is in none.
    void dump(const Pass::Part&, const std::vector<Chunk>&, int error = 0);
    // In one datagram that was surely not full.
    void dump_whole(const Pass::Part&, std::vector<rtnl::Update> rows);

    void close();
    Words settle();      // what it told
    Words incomplete();  // "links", "inet of 2", "inet6 of all"

    Journal journal;
    std::optional<Pass> pass;
};

}  // namespace nlwatch::test
