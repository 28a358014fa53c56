// The rule between a feed and a sink: an outage that is over soon is not delivered, nor is an up that does
// not last.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>

#include "backlog/feed.hpp"
#include "record/filter.hpp"

namespace nlwatch::sink {

// Read in place of the feed. An edge (state_up, state_down in a link.changed) is held until its delay is over
// or the opposite edge of the same link comes first: then both are left out. What is behind it waits with it,
// since seq never descends: by no more than the longest delay. The times are those at which records were
// learnt, so a reader that was away decides as one that was not. What ends the link, or hides what became of
// it (link.removed; a gap, a snapshot), makes a held edge real at once.
class HoldDown {
public:
    struct Delays {
        std::chrono::milliseconds down{}, up{};  // that a state_down, a state_up must last; 0 = goes at once
        bool any() const { return down.count() > 0 || up.count() > 0; }
    };

    explicit HoldDown(Delays delays) : delays_(delays) {}
    // Where there are delays, takes the words about events (types, transitions) out of the request, before
    // the feed is made of it, and judges by them behind the rule: a feed of state_down alone would keep back
    // the state_up that ends a short outage. The request stays one for events, without snapshots.
    HoldDown(Delays, backlog::Request&);
    HoldDown(HoldDown&&) = default;
    HoldDown& operator=(HoldDown&&) = default;

    // As Feed::next(). The line is valid until the next call, and until the next record. None, and the feed
    // is not behind(): wait for a wake-up, or until due().
    std::optional<backlog::Line> next(backlog::Feed&, const record::Stamp& now);
    // When the first of what is held goes out though nothing happens; null if nothing is held.
    std::optional<state::Time> due() const;
    std::uint64_t held() const { return held_.size(); }  // lines
    // When the first record among them was learnt; null if there is none.
    std::optional<state::Time> oldest() const;

    // As Feed::position(): behind all that was handed out, and what was left out before it.
    std::optional<record::Position> position(const backlog::Feed&) const;
    // As Feed::give_up(), up to position() or before. What is held was not handed out: it is read again, or
    // is part of the gap.
    void give_up(backlog::Feed&, std::uint64_t from, std::uint64_t to, state::Time now);

    // Records, by the rule; not those that a word hides. What is read again behind a give_up() counts again.
    std::uint64_t left_out() const { return left_out_; }

private:
    struct Held {
        std::string type, text;
        record::Position position;
        bool resumable{};
        std::optional<record::Entry> entry;
        std::optional<state::Time> until;  // undecided until everything up to then has been read
        bool dropped = false;
        std::uint64_t left_out = 0;              // records of which only this is left to count
        std::optional<record::Position> behind;  // where to go on once it, and what was left out, has gone
    };
    struct Edge {
        record::Transitions way{};  // state_up or state_down
        state::Time until;
        Held* held{};  // null: a word hides it, it only decides about the next one
    };

    bool take(const backlog::Line&);
    bool cancels(const record::Entry&, record::Transitions way);
    void make_real(Edge&);
    void make_all_real();
    Held& hold(const backlog::Line&);
    void pass_over(const backlog::Line&, bool by_rule);
    std::optional<backlog::Line> first_decided();
    bool decided(const Held& it) const { return !it.until || *it.until <= read_to_; }

    Delays delays_;
    record::Filter events_;
    std::deque<Held> held_;
    std::size_t bytes_ = 0;                     // of what is held
    std::map<std::uint32_t, Edge> edges_;       // the last of each link by ifindex, while it may be cancelled
    state::Time read_to_ = state::Time::min();  // all that was learnt before has been read
    std::optional<record::Position> behind_;    // while something is held: where to go on
    Held out_;                                  // what was handed out last
    std::uint64_t left_out_ = 0;
};

}  // namespace nlwatch::sink
