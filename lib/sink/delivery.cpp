#include "sink/delivery.hpp"

#include <algorithm>

namespace nlwatch::sink {

namespace {

enum class Meaning : std::uint8_t { taken, not_now, never, gone };

// Redirects are never followed, and what is no final status of HTTP comes from no receiver of ours: never.
Meaning meaning_of(int status) {
    if (status >= 200 && status < 300) return Meaning::taken;
    if (status == 408 || status == 429) return Meaning::not_now;
    if (status >= 500 && status < 600 && status != 501) return Meaning::not_now;
    return status == 410 ? Meaning::gone : Meaning::never;
}

Meaning meaning_of(const Answer& answer) {
    return answer.kind == Answer::Kind::status ? meaning_of(answer.status) : Meaning::not_now;
}

state::Time::duration part_of(std::chrono::milliseconds span, double random) {
    return std::chrono::duration_cast<state::Time::duration>(random * span);
}

}  // namespace

Counters::Outcome outcome_of(const Answer& answer) {
    switch (answer.kind) {
        case Answer::Kind::timeout:
            return Counters::Outcome::timeout;
        case Answer::Kind::network_error:
            return Counters::Outcome::network_error;
        case Answer::Kind::status:
            break;
    }
    switch (meaning_of(answer.status)) {
        case Meaning::taken:
            return Counters::Outcome::success;
        case Meaning::not_now:
            return Counters::Outcome::server_error;
        case Meaning::never:
        case Meaning::gone:
            break;
    }
    return Counters::Outcome::rejected;
}

void Delivery::begin(state::Time oldest) {
    oldest_ = oldest;
    returned_ = false;
}

Delivery::Step Delivery::next(state::Time now) const {
    if (stopped_) return {Do::stopped, {}};
    // However old: once its moment has come a receiver that is back must not find all that waited for it
    // gone.
    if (!retry_at_ || *retry_at_ <= now) return {Do::attempt, {}};
    const state::Time expiry = oldest_ + limits_.max_age;
    if (expiry <= now) return {Do::expired, {}};
    return {Do::wait, std::min(*retry_at_, expiry)};
}

Delivery::Verdict Delivery::answered(const Answer& answer, state::Time now, double random) {
    const Meaning meaning = meaning_of(answer);
    if (meaning == Meaning::not_now) {
        failed(answer, now, random);
        return now - oldest_ < limits_.max_age ? Verdict::retry : Verdict::expired;
    }
    start_again();  // it is there, and answers
    stopped_ = meaning == Meaning::gone;
    return meaning == Meaning::taken  ? Verdict::delivered
           : meaning == Meaning::gone ? Verdict::gone
                                      : Verdict::rejected;
}

void Delivery::failed(const Answer& answer, state::Time now, double random) {
    state::Time::duration pause = back_off_.failed(random);
    // A status tells that the network was there: then its return is no reason to hope for more.
    if (returned_ && answer.kind != Answer::Kind::status && may_wake(now)) {
        pause = std::min(pause, part_of(limits_.wake_up_within, random));
        woke_up_ = now;
    }
    returned_ = false;
    not_before_ =
        now + std::min(answer.retry_after.value_or(std::chrono::milliseconds{0}), limits_.most_retry_after);
    retry_at_ = std::max(now + pause, not_before_);
}

bool Delivery::network_returned(state::Time now, double random) {
    if (!may_wake(now)) return false;
    if (!retry_at_ || *retry_at_ <= now) {
        returned_ = true;
        return false;
    }
    const state::Time sooner = std::max(now + part_of(limits_.wake_up_within, random), not_before_);
    if (sooner >= *retry_at_) return false;
    retry_at_ = sooner;
    woke_up_ = now;
    return true;
}

void Delivery::start_again() {
    stopped_ = false;
    back_off_.reset();
    retry_at_.reset();
    not_before_ = state::Time::min();
    returned_ = false;
}

bool Delivery::may_wake(state::Time now) const {
    return !woke_up_ || now - *woke_up_ >= limits_.wake_up_every;
}

}  // namespace nlwatch::sink
