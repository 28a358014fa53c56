// What the daemon's log says of the daemon itself: what it got, and what it lost, in plain words.
#pragma once
#include <cstddef>

#include "app/open_doors.hpp"
#include "app/reload.hpp"
#include "kernel/follower.hpp"
#include "rate_limit.hpp"

namespace nlwatch {

class OwnLog {
public:
    void receive_buffer(std::size_t granted, std::size_t requested);  // bytes
    void following(const state::Table&, const OpenDoors&);
    void lost(const kernel::Loss&);
    void repaired(const kernel::Repair&);
    void reloaded(const Reloader::Outcome&);
    // At the end of each turn: who was not served, in all.
    struct TurnedAway {
        std::uint64_t readers{}, connections{};  // one too many: of the stream, of HTTP
        std::uint64_t not_accepted{};            // for want of descriptors or memory
    };
    void turned_away(const TurnedAway&);
    // Likewise: more links are selected for metrics than have series.
    void links_without_series(std::size_t count);

private:
    // A storm may lose messages every second: some are told, then how many were not.
    RateLimit losses_{5, std::chrono::seconds{60}}, repairs_{5, std::chrono::seconds{60}};
    RateLimit without_series_{1, std::chrono::hours{1}};  // as often as some links come and go at the limit
    std::size_t told_without_series_ = 0;
    RateLimit readers_{1, std::chrono::minutes{1}}, connections_{1, std::chrono::minutes{1}},
        not_accepted_{1, std::chrono::minutes{1}};
    TurnedAway told_turned_away_;
};

}  // namespace nlwatch
