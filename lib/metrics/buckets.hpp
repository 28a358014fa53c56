// The bounds of every histogram's buckets, for those who count as for those who show them.
#pragma once
#include <array>
#include <chrono>

namespace nlwatch::metrics::buckets {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

inline constexpr std::array<nanoseconds, 12> event_dispatch{5us,   10us, 25us,   50us, 100us, 250us,
                                                            500us, 1ms,  2500us, 10ms, 100ms, 1s};
inline constexpr std::array<nanoseconds, 12> resync_duration{1ms,   5ms,   10ms, 25ms,   50ms, 100ms,
                                                             250ms, 500ms, 1s,   2500ms, 10s,  60s};
inline constexpr std::array<nanoseconds, 10> reactor_stall{2ms,   5ms,   10ms,  25ms, 50ms,
                                                           100ms, 250ms, 500ms, 1s,   5s};
inline constexpr std::array<nanoseconds, 12> sink_delivery{100us, 1ms, 5ms,    25ms, 100ms, 250ms,
                                                           500ms, 1s,  2500ms, 5s,   10s,   15s};

}  // namespace nlwatch::metrics::buckets
