#include "kernel/sync_machine.hpp"

#include <algorithm>
#include <utility>

namespace nlwatch::kernel {

using std::chrono::milliseconds;

namespace {
constexpr milliseconds debounce{50};  // of audits after a silent change: most come in bursts
constexpr milliseconds address_detection{
    3'000};  // longer than IPv6 takes to try an address (1.4 to 2.3 s measured)
constexpr int attempts_at_once = 3;
constexpr milliseconds first_pause{10}, longest_pause{1'000};
constexpr int audit_share = 20;  // audits take at most one part in so many of the time
}  // namespace

SyncMachine::SyncMachine(Limits limits, Time now)
    : limits_(limits),
      parts_(state::Pass::everything()),
      not_before_(now),
      audit_at_(now + limits.audit_interval),
      audits_from_(now) {}

SyncMachine::Action SyncMachine::next(Time now) {
    if (std::exchange(drop_, false)) return {.what = Do::drop_pass};
    if (const auto action = at_once()) return *action;
    if (resync_begun_ && !lossy_) {
        resync_begun_ = false;
        return {.what = Do::end_resync};
    }
    if (drain_first_) return {.what = Do::drain};

    if (stage_ == Stage::idle) {
        const Time at = due();
        if (now < at) return {.what = Do::wait, .until = at};
        start(now);
    }
    if (stage_ == Stage::first_drain || stage_ == Stage::last_drain) return {.what = Do::drain};
    if (asked_) return {.what = Do::wait, .until = Time::max()};
    asked_ = true;
    switch (stage_) {
        case Stage::open:
            asked_ = false;
            stage_ = Stage::dumping;
            part_ = 0;
            pass_opened_ = now;
            return {.what = Do::open_pass, .origin = lossy_ ? state::Origin::resync : state::Origin::audit};
        case Stage::dumping:
            return {.what = Do::dump, .part = parts_[part_]};
        case Stage::close:
            return {.what = Do::close_pass};
        default:
            return {.what = Do::barrier};
    }
}

std::optional<SyncMachine::Action> SyncMachine::at_once() {
    if (std::exchange(grow_, false)) return Action{.what = Do::grow};
    // Before the first complete pass there is nothing that a reader could have been misled about.
    if (lossy_ && complete_ && !std::exchange(resync_begun_, true)) return Action{.what = Do::begin_resync};
    return std::nullopt;
}

// When the next pass is due: always some time, since audits never end.
Time SyncMachine::due() const {
    if (!need_) return audit_due();
    return only_incomplete_ ? std::min(not_before_, audit_due()) : not_before_;
}

Time SyncMachine::audit_due() const {
    Time at = audit_at_;
    if (soon_at_) at = std::min(at, *soon_at_);
    if (later_at_) at = std::min(at, *later_at_);
    return std::max(at, audits_from_);
}

void SyncMachine::start(Time now) {
    // An audit that falls due while only some parts are tried again makes them all due.
    if (only_incomplete_ && now >= audit_due()) {
        only_incomplete_ = false;
        attempts_ = 0;
    }
    if (!only_incomplete_) {
        parts_ = state::Pass::everything();
        full_pass_started_ = now;
        soon_at_.reset();
        audit_at_ = now + limits_.audit_interval;
        if (later_at_ && now >= *later_at_) {
            later_at_ = later_again_;
            later_again_.reset();
        }
    }
    need_ = true;
    ++attempts_;
    stage_ = Stage::first_barrier;
    asked_ = false;
}

bool SyncMachine::lost(Cause cause, Time now) {
    // Until the queue has been seen empty the kernel goes on dropping: all that is one loss.
    if (lossy_ && drain_first_) return false;
    const bool first = !std::exchange(lossy_, true);
    settled_ = false;
    need_ = drain_first_ = true;
    if (cause == Cause::overrun || cause == Cause::drops) grow_ = true;
    // Neither what some parts have waited for, nor an audit, says anything of the passes to come.
    if (std::exchange(only_incomplete_, false) || first) {
        attempts_ = 0;
        not_before_ = now;
    }
    if (stage_ != Stage::idle) {
        ++counters_.lost;
        drop_ = true;
        retry(now);
    }
    if (first) {
        if (resync_due_) not_before_ = std::max(now, *resync_due_ + limits_.resync_min_interval);
        resync_due_ = not_before_;
    }
    return true;
}

void SyncMachine::drained(Time now) {
    drain_first_ = false;
    if (!lossy_) last_whole_ = now;
    if (stage_ == Stage::first_drain)
        stage_ = Stage::open;
    else if (stage_ == Stage::last_drain)
        stage_ = Stage::close;
}

void SyncMachine::answered(Time) {
    if (!std::exchange(asked_, false)) return;  // of a pass that a loss has voided
    switch (stage_) {
        case Stage::first_barrier:
            stage_ = Stage::first_drain;
            break;
        case Stage::dumping:
            if (++part_ == parts_.size()) stage_ = Stage::last_barrier;
            break;
        case Stage::last_barrier:
            stage_ = Stage::last_drain;
            break;
        default:
            break;
    }
}

void SyncMachine::unanswered(Time now) {
    if (!std::exchange(asked_, false)) return;
    ++counters_.failed;
    drop_ = true;
    retry(now);
}

void SyncMachine::passed(std::vector<state::Pass::Part> incomplete, Time now) {
    if (!std::exchange(asked_, false) || stage_ != Stage::close) return;
    stage_ = Stage::idle;
    // Behind a few that were not: rather a state in doubt than none, however the network goes on.
    complete_ = complete_ || incomplete.empty() || ++dirty_at_first_ == attempts_at_once;
    if (!only_incomplete_) audits_from_ = now + audit_share * (now - pass_opened_);
    if (!incomplete.empty()) {
        ++counters_.dirty;
        only_incomplete_ = true;
        parts_ = std::move(incomplete);
        retry(now);
        return;
    }
    ++counters_.clean;
    need_ = only_incomplete_ = lossy_ = false;
    settled_ = true;
    attempts_ = 0;
    last_whole_ = now;
    last_clean_ = full_pass_started_;
}

void SyncMachine::audit_soon(Time now) {
    if (!soon_at_) soon_at_ = now + debounce;
}

void SyncMachine::audit_later(Time now) {
    if (!later_at_)
        later_at_ = now + address_detection;
    else
        later_again_ = now + address_detection;
}

void SyncMachine::retry(Time now) {
    stage_ = Stage::idle;
    asked_ = false;
    need_ = true;
    if (attempts_ < attempts_at_once) {
        not_before_ = now;
        return;
    }
    const int doublings = std::min(attempts_ - attempts_at_once, 10);
    not_before_ = now + std::min(longest_pause, first_pause * (1 << doublings));
}

}  // namespace nlwatch::kernel
