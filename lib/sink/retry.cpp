#include "sink/retry.hpp"

#include <algorithm>

namespace nlwatch::sink {

void Retry::failed(Blame blame, state::Time now, double random, state::Time not_before) {
    state::Time next = now + back_off_.failed(random);
    if (returned_ && blame == Blame::network && may_wake(now)) {
        next = std::min(next, soon(now, random));
        woke_up_ = now;
    }
    returned_ = false;
    not_before_ = not_before;
    at_ = std::max(next, not_before);
}

bool Retry::network_returned(state::Time now, double random) {
    if (!may_wake(now)) return false;
    if (!at_ || *at_ <= now) {
        returned_ = true;
        return false;
    }
    const state::Time sooner = std::max(soon(now, random), not_before_);
    if (sooner >= *at_) return false;
    at_ = sooner;
    woke_up_ = now;
    return true;
}

void Retry::reset() {
    back_off_.reset();
    at_.reset();
    not_before_ = state::Time::min();
    returned_ = false;
}

bool Retry::may_wake(state::Time now) const { return !woke_up_ || now - *woke_up_ >= limits_.wake_up_every; }

state::Time Retry::soon(state::Time now, double random) const {
    return now + std::chrono::duration_cast<state::Time::duration>(random * limits_.wake_up_within);
}

}  // namespace nlwatch::sink
