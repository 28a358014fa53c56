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
    retry_.begin();
}

Delivery::Step Delivery::next(state::Time now) const {
    if (stopped_) return {Do::stopped, {}};
    // However old: once its moment has come a receiver that is back must not find all that waited for it
    // gone.
    const std::optional<state::Time> at = retry_.at();
    if (!at || *at <= now) return {Do::attempt, {}};
    const state::Time expiry = oldest_ + limits_.max_age;
    if (expiry <= now) return {Do::expired, {}};
    return {Do::wait, std::min(*at, expiry)};
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
    const auto blame = answer.kind == Answer::Kind::status ? Retry::Blame::receiver : Retry::Blame::network;
    const auto asked_for = answer.retry_after.value_or(std::chrono::milliseconds{0});
    retry_.failed(blame, now, random, now + std::min(asked_for, limits_.most_retry_after));
}

void Delivery::start_again() {
    stopped_ = false;
    retry_.reset();
}

}  // namespace nlwatch::sink
