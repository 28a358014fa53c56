#include "sink/back_off.hpp"

#include <algorithm>

namespace nlwatch::sink {

namespace {
constexpr std::uint64_t most_doublings =
    30;  // far beyond any ceiling, and no overflow for a first one of days
}  // namespace

state::Time::duration BackOff::failed(double random) {
    const std::int64_t doubled = std::int64_t{1} << std::min(failures_, most_doublings);
    ++failures_;
    return std::chrono::duration_cast<state::Time::duration>(random *
                                                             std::min(limits_.first * doubled, limits_.most));
}

}  // namespace nlwatch::sink
