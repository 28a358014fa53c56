#include "support/journal.hpp"

namespace nlwatch::test {

state::Time at(double seconds) {
    return state::Time{} + std::chrono::hours{1} +
           std::chrono::duration_cast<state::Time::duration>(std::chrono::duration<double>{seconds});
}

Journal::Journal() : state([this](const state::Change& change) { note(change); }) {}

void Journal::live(const rtnl::Update& update, double seconds) {
    learn(update, state::Origin::live, seconds);
}

void Journal::learn(const rtnl::Update& update, state::Origin origin, double seconds, double not_before) {
    state.apply(update, {.origin = origin, .now = at(seconds), .not_before = at(not_before)});
}

Words Journal::told() {
    Words told;
    for (; told_ < changes_.size(); ++told_) told.push_back(words(changes_[told_]));
    return told;
}

void Journal::note(const state::Change& change) {
    folded_.take(change, state.table());
    changes_.push_back(change);
}

}  // namespace nlwatch::test
