// A network made up for the tests, followed by the real table and the backlog under test; and a clock that
// the test moves.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "backlog/backlog.hpp"
#include "backlog/feed.hpp"
#include "state/network_state.hpp"

namespace nlwatch::test {

inline constexpr std::uint64_t run = 0x4f1c2a9be07d4c55;

struct Line {
    std::string type, text;
    record::Position position;
    bool resumable{};
};

class World {
public:
    explicit World(std::size_t ring_bytes = 1 << 20, record::Scope published = {});

    void link(std::uint32_t ifindex, std::string_view name, std::string_view kind = "",
              std::uint32_t mtu = 1500, bool up = true, state::Origin = state::Origin::live);
    void remove_link(std::uint32_t ifindex, state::Origin = state::Origin::live);
    void address(std::uint32_t ifindex, std::uint8_t host, bool usable = true,
                 state::Origin = state::Origin::live);
    void remove_address(std::uint32_t ifindex, std::uint8_t host, state::Origin = state::Origin::live);
    // `count` records of any kind: an interface's MTU goes up and down. It must be there as "eth<ifindex>".
    void churn(std::uint32_t ifindex, int count);

    record::Stamp now() const;
    void pass(std::chrono::milliseconds);

    state::NetworkState state;
    backlog::Backlog backlog;

private:
    state::NetworkState::Learnt learnt(state::Origin) const;
    std::chrono::milliseconds clock_{1'000'000};
};

record::Scope interfaces(std::vector<std::string> globs);
record::Scope kinds(std::vector<std::string> globs);
backlog::Request scoped(record::Scope);
backlog::Request event_feed(std::vector<std::string> types);

// The next line, with what it points to copied; an empty type if there is none.
Line next(backlog::Feed&, const World&);
// All lines until the feed has caught up with the backlog or is finished.
std::vector<Line> all(backlog::Feed&, const World&);
std::vector<std::string> types(const std::vector<Line>&);

}  // namespace nlwatch::test
