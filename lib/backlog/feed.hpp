// A feed: one reader's lines, in their order. The table "How a reader is served" of records.md as a state
// machine.
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "backlog/backlog.hpp"
#include "backlog/request.hpp"

namespace nlwatch::backlog {

// A view of one line: valid until the next call of the feed's next(), and until the next record. Never keep
// it over a co_await.
struct Line {
    std::string_view type;                 // as delivered: "link.added", "snapshot.begin", …
    std::string_view text;                 // '\n' included
    record::Position position;             // of the reader once it has read this line
    bool resumable{};                      // it is a position to resume from (`since`)
    const record::Entry* entry = nullptr;  // of a numbered record: what is known of it; null for all others
};

// Knows its reader only by how often it is asked: one that asks too seldom is overtaken by the tail, is told
// so by a gap, and (a view) starts again from a snapshot. Costs a line and a few words beside the lines that
// its owner keeps.
class Feed {
public:
    // `backlog` must outlive it. The request has passed refusal().
    Feed(Backlog& backlog, Request request);

    // None: nothing more now, not before begin(), or enough looked at for one turn of the reactor (behind()).
    std::optional<Line> next(const record::Stamp& now);
    // After none: there is more to look at. Come back without waiting for a wake-up, but let others have
    // their turn first.
    bool behind() const { return behind_; }
    // The limit that was asked for is reached: there will never be another line.
    bool finished() const;

    // The records from `from` to `to` were handed out, but will never be delivered: the next line is a gap
    // (reason `expired`) that says so; one that is not told yet keeps its beginning. Behind it a view starts
    // again, any other reader goes on behind `to`, be it that it reads some records once more. `from` follows
    // on the last record that was delivered: it is to + 1 where all that was lost is of a view's snapshot,
    // which then begins again, without a gap unless it is a later one. Not before hello.
    void give_up(std::uint64_t from, std::uint64_t to, state::Time now);

    // What a durable reader stores once it has delivered all lines so far; null before there is a position.
    std::optional<record::Position> position() const;
    // A snapshot is due, or under way: whoever goes on from position() in its place needs one all the same.
    bool owes_snapshot() const { return snapshot_ != nullptr; }
    std::uint64_t gaps() const { return gaps_; }
    // Records that it has not looked at yet.
    std::uint64_t lag() const;
    // When the first of them was learnt; null if there is none.
    std::optional<state::Time> oldest() const;

private:
    enum class Stage : std::uint8_t { hello, gap, snapshot_begin, snapshot_rows, live };
    struct Missed {
        std::optional<std::uint64_t> from;  // the first seq; null if it was another run's
        record::GapReason reason{};
    };

    void greet(const record::Stamp& now);
    void resume(record::Position since, state::Time now);
    void miss(Missed, state::Time now);
    void go_on(std::uint64_t place, state::Time now);
    void start_snapshot(state::Time now);
    Stage behind_gap() const { return snapshot_ ? Stage::snapshot_begin : Stage::live; }
    bool starts_again() const;
    bool overtaken() const;
    record::GapReason reason_of_gap() const;

    std::optional<Line> next_row();
    std::optional<Line> next_record(state::Time now);
    bool covers(const state::Row&) const;
    Line end_of_snapshot();
    std::optional<Line> bookmark(state::Time now);
    bool look();
    Line own_line(std::string_view type, bool resumable = false) const;
    Line record_line(const record::Entry&, record::Sight);

    Backlog& backlog_;
    Request request_;
    bool view_;

    Stage stage_ = Stage::hello;
    std::uint64_t place_ = 0;  // records up to here are dealt with; during a snapshot: the one it is as of
    std::optional<Missed> missed_;         // to be told by the next gap
    std::optional<std::uint64_t> stored_;  // the last seq that is a position

    bool had_snapshot_;  // whole, here or in the connection that this one goes on from
    std::shared_ptr<const Snapshot> snapshot_;
    std::optional<rtnl::Key> row_;                   // the last one looked at
    std::array<std::uint64_t, rtnl::kinds> rows_{};  // delivered, by kind

    std::uint64_t delivered_ = 0;  // numbered records
    std::uint64_t gaps_ = 0;
    std::size_t looks_ = 0;  // in this turn
    bool behind_ = false;
    bool hidden_ = false;  // records have passed unseen since the last position that the reader knows
    std::optional<state::Time> bookmarked_;

    std::string text_, type_;  // of the line handed out, where it is not the ring's own
};

}  // namespace nlwatch::backlog
