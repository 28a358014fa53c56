#include "unit/state/pass_conversation.hpp"

namespace nlwatch::test {

Pass::Part inet_of(std::uint32_t ifindex) { return {rtnl::Kind::address, AF_INET, ifindex}; }
Pass::Part inet6_of(std::uint32_t ifindex) { return {rtnl::Kind::address, AF_INET6, ifindex}; }

void PassConversation::known(std::initializer_list<rtnl::Update> updates) {
    for (const rtnl::Update& update : updates) journal.live(update);
    journal.told();
}

void PassConversation::open(state::Origin origin, double not_before) {
    pass.emplace(journal.state,
                 state::NetworkState::Learnt{.origin = origin, .now = at(0), .not_before = at(not_before)});
}

void PassConversation::event(const rtnl::Update& update) {
    pass->event(update);
    journal.live(update);
}

void PassConversation::dump(const Pass::Part& part, const std::vector<Chunk>& chunks, int error) {
    bool done = false;
    for (const Chunk& chunk : chunks) {
        for (const rtnl::Update& row : chunk.rows) pass->row(row);
        pass->datagram(part, chunk.bytes, chunk.rows.empty() ? 0 : chunk.rows.back().key.ifindex, chunk.done);
        done = chunk.done;
    }
    if (!done) pass->datagram(part, 20, 0, true);
    pass->dumped(part, error);
}

void PassConversation::dump_whole(const Pass::Part& part, std::vector<rtnl::Update> rows) {
    dump(part, {{small, std::move(rows)}});
}

void PassConversation::close() {
    pass->close();
    journal.told();  // the events; what is told from here on is the pass's
}

Words PassConversation::settle() {
    constexpr std::size_t plenty = 100'000;
    EXPECT_TRUE(pass->settle(journal.state, plenty, at(10)));
    return journal.told();
}

Words PassConversation::incomplete() {
    Words parts;
    for (const Pass::Part& part : pass->incomplete()) {
        const std::string of = part.ifindex ? std::to_string(part.ifindex) : "all";
        if (part.kind == rtnl::Kind::link)
            parts.push_back("links");
        else
            parts.push_back((part.family == AF_INET ? "inet of " : "inet6 of ") + of);
    }
    return parts;
}

}  // namespace nlwatch::test
