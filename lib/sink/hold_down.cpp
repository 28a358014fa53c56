#include "sink/hold_down.hpp"

#include <algorithm>
#include <utility>

namespace nlwatch::sink {

using backlog::Line;
using record::Entry;
using record::Transitions;

namespace {

constexpr std::size_t most_bytes = 1 << 20;
constexpr Transitions both_ways = record::transition::state_up | record::transition::state_down;

Transitions edge_of(const Line& line) {
    return line.entry && line.type == "link.changed"
               ? static_cast<Transitions>(line.entry->transitions & both_ways)
               : Transitions{};
}

}  // namespace

HoldDown::HoldDown(Delays delays, backlog::Request& request) : delays_(delays) {
    if (!delays.any() || request.filter.foldable()) return;
    request.snapshot = false;
    events_.types = std::exchange(request.filter.types, {});
    events_.transitions = std::exchange(request.filter.transitions, {});
}

std::optional<Line> HoldDown::next(backlog::Feed& feed, const record::Stamp& now) {
    if (!delays_.any()) return feed.next(now);
    for (;;) {
        if (auto line = first_decided()) return line;
        if (held_.empty()) behind_ = feed.position();
        const bool full = bytes_ >= most_bytes;
        const auto line = full ? std::nullopt : feed.next(now);
        if (!line) {
            // Full, it decides by what it has read, as if there were no more.
            if (full || !feed.behind()) read_to_ = std::max(read_to_, now.monotonic);
            return first_decided();
        }
        if (take(*line)) return line;
    }
}

std::optional<state::Time> HoldDown::due() const {
    return held_.empty() ? std::nullopt : held_.front().until;
}

std::optional<state::Time> HoldDown::oldest() const {
    const auto first = std::ranges::find_if(held_, [](const Held& it) { return it.entry && !it.dropped; });
    return first == held_.end() ? std::nullopt : std::optional(first->entry->learnt);
}

std::optional<record::Position> HoldDown::position(const backlog::Feed& feed) const {
    return held_.empty() ? feed.position() : behind_;
}

void HoldDown::give_up(backlog::Feed& feed, std::uint64_t from, std::uint64_t to, state::Time now) {
    held_.clear();
    bytes_ = 0;
    edges_.clear();
    read_to_ = state::Time::min();
    feed.give_up(from, to, now);
}

// True: it goes out as it is. Else it is held, or passed over.
bool HoldDown::take(const Line& line) {
    if (line.entry) read_to_ = std::max(read_to_, line.entry->learnt);
    if (line.type == "gap" || line.type == "snapshot.begin") make_all_real();
    if (line.type == "link.removed") {
        if (const auto ended = edges_.find(line.entry->ifindex); ended != edges_.end()) {
            make_real(ended->second);
            edges_.erase(ended);
        }
    }
    const bool shown = !line.entry || events_.shows(line.type, line.entry->transitions);
    const Transitions way = edge_of(line);
    if (way && cancels(*line.entry, way)) {
        pass_over(line, shown);
        return false;
    }
    const auto delay = way == record::transition::state_down ? delays_.down : delays_.up;
    const bool may_be_cancelled = way && delay.count() > 0;
    Held* held = nullptr;
    if (!shown) {
        pass_over(line, false);
    } else if (may_be_cancelled || !held_.empty()) {
        held = &hold(line);
    }
    if (may_be_cancelled) {
        const state::Time until = line.entry->learnt + delay;
        edges_[line.entry->ifindex] = {way, until, held};
        if (held) held->until = until;
    }
    return shown && !held;
}

// Whether the edge ends one of its link that has not lasted: then that one is dropped. Else that one is real.
bool HoldDown::cancels(const Entry& entry, Transitions way) {
    const auto found = edges_.find(entry.ifindex);
    if (found == edges_.end()) return false;
    Edge& before = found->second;
    const bool cancelled = before.way != way && entry.learnt < before.until;
    if (cancelled && before.held) {
        bytes_ -= before.held->text.size();
        std::string().swap(before.held->text);
        before.held->dropped = true;
        ++before.held->left_out;
    }
    make_real(before);
    edges_.erase(found);
    return cancelled;
}

void HoldDown::make_real(Edge& edge) {
    if (edge.held) edge.held->until.reset();
}

void HoldDown::make_all_real() {
    for (auto& [ifindex, edge] : edges_) make_real(edge);
    edges_.clear();
}

HoldDown::Held& HoldDown::hold(const Line& line) {
    Held& held = held_.emplace_back();
    held.type = line.type;
    held.text = line.text;
    held.position = line.position;
    held.resumable = line.resumable;
    if (line.entry) held.entry = *line.entry;
    if (line.resumable) held.behind = line.position;
    bytes_ += sizeof held + held.text.size();
    return held;
}

void HoldDown::pass_over(const Line& line, bool by_rule) {
    if (held_.empty()) {
        left_out_ += by_rule;
    } else {
        held_.back().left_out += by_rule;
        held_.back().behind = line.position;
    }
}

std::optional<Line> HoldDown::first_decided() {
    while (!held_.empty() && decided(held_.front())) {
        Held& first = held_.front();
        if (first.until) edges_.erase(first.entry->ifindex);
        out_ = std::move(first);
        held_.pop_front();
        bytes_ -= sizeof out_ + out_.text.size();
        if (out_.behind) behind_ = out_.behind;
        left_out_ += out_.left_out;
        if (!out_.dropped)
            return Line{out_.type, out_.text, out_.position, out_.resumable,
                        out_.entry ? &*out_.entry : nullptr};
    }
    return std::nullopt;
}

}  // namespace nlwatch::sink
