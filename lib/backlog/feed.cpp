#include "backlog/feed.hpp"

#include <algorithm>
#include <cassert>
#include <chrono>
#include <utility>

namespace nlwatch::backlog {

using record::Entry;
using record::GapReason;
using record::Sight;
using record::Stamp;
using record::Subject;

namespace {

constexpr std::size_t looks_per_turn = 1'024;  // rows and records; a look may cost several fnmatch(3)
constexpr auto between_bookmarks = std::chrono::seconds{10};

bool selects(const record::Filter& filter) {
    return !filter.foldable() || std::any_of(filter.scopes.begin(), filter.scopes.end(),
                                             [](const auto& it) { return !it.everything(); });
}

bool selects(const record::Scope& scope, rtnl::Kind kind) {
    return scope.kinds.match(record::kind_name(kind));
}

state::Op delivered_op(const Entry& entry, Sight sight) {
    return sight == Sight::entered ? state::Op::added : sight == Sight::left ? state::Op::removed : entry.op;
}

}  // namespace

Feed::Feed(Backlog& backlog, Request request)
    : backlog_(backlog),
      request_(std::move(request)),
      view_(request_.view()),
      had_snapshot_(request_.since && !request_.anew) {}

std::optional<Line> Feed::next(const Stamp& now) {
    behind_ = false;
    if (!backlog_.begun() || finished()) return std::nullopt;
    if (stage_ == Stage::hello) {
        greet(now);
        return own_line("hello");
    }
    if (overtaken()) miss({place_ + 1, reason_of_gap()}, now.monotonic);
    switch (stage_) {
        case Stage::gap:
            text_.clear();
            backlog_.renderer().gap(text_, missed_->from, place_, missed_->reason);
            missed_.reset();
            ++gaps_;
            stage_ = behind_gap();
            return own_line("gap");
        case Stage::snapshot_begin:
            text_.clear();
            backlog_.renderer().snapshot_begin(text_, place_);
            stage_ = Stage::snapshot_rows;
            return own_line("snapshot.begin");
        case Stage::snapshot_rows:
            return next_row();
        case Stage::hello:
        case Stage::live:
            break;
    }
    return next_record(now.monotonic);
}

std::uint64_t Feed::lag() const {
    return stage_ == Stage::hello ? 0 : backlog_.head() - place_;  // it has not begun to look
}

std::optional<state::Time> Feed::oldest() const {
    if (lag() == 0 || backlog_.ring().records() == 0) return std::nullopt;
    return backlog_.ring().entry(std::max(place_ + 1, backlog_.ring().first_good())).learnt;
}

bool Feed::finished() const {
    return stage_ == Stage::live && request_.limit && delivered_ >= *request_.limit;
}

std::optional<record::Position> Feed::position() const {
    if (stage_ == Stage::live) return record::Position{backlog_.run(), place_};
    if (stored_) return record::Position{backlog_.run(), *stored_};
    return std::nullopt;
}

void Feed::greet(const Stamp& now) {
    if (request_.since) {
        resume(*request_.since, now.monotonic);
    } else if (view_) {
        start_snapshot(now.monotonic);
    } else {
        place_ = backlog_.head();
        stage_ = Stage::live;
    }
    const record::Filter& own = request_.filter;
    text_.clear();
    backlog_.renderer().hello(text_, place_,
                              {.published = &backlog_.published(),
                               .filter = selects(own) ? &own : nullptr,
                               .foldable = own.foldable()},
                              now);
}

void Feed::resume(record::Position since, state::Time now) {
    if (since.run != backlog_.run()) {
        miss({std::nullopt, GapReason::other_run}, now);
        return;
    }
    place_ = since.seq;
    stage_ = Stage::live;
    if (overtaken()) {
        const GapReason reason = reason_of_gap();
        miss({place_ + 1, reason == GapReason::slow_reader ? GapReason::expired : reason}, now);
    } else if (request_.anew && view_) {
        stored_ = place_;
        start_snapshot(now);
        if (since.seq == place_) return;  // nothing that has a number is missing
        missed_ = {since.seq + 1, GapReason::reload};
        stage_ = Stage::gap;
    }
}

// Starts again. What is missing already, and not yet told, stays what the gap will tell.
void Feed::miss(Missed missed, state::Time now) {
    if (!missed_) missed_ = missed;
    if (stage_ == Stage::live) stored_ = place_;
    go_on(backlog_.ring().first_good() - 1, now);
}

void Feed::give_up(std::uint64_t from, std::uint64_t to, state::Time now) {
    assert(stage_ != Stage::hello && to <= place_);
    if (stage_ == Stage::live || (stored_ && *stored_ >= from)) stored_ = from - 1;
    if (from > to) had_snapshot_ = false;  // only lines of its snapshot are lost: it needs them all the same
    go_on(to, now);
    if (missed_) {
        if (missed_->from) missed_->from = std::min(*missed_->from, from);
    } else if (from <= place_) {
        missed_ = {from, GapReason::expired};
    } else {
        stage_ = behind_gap();  // nothing that has a number is missing
    }
}

// Behind a gap: from a new snapshot, or behind `place`.
void Feed::go_on(std::uint64_t place, state::Time now) {
    hidden_ = false;
    if (starts_again()) {
        start_snapshot(now);
    } else {
        place_ = place;
    }
    stage_ = Stage::gap;
}

void Feed::start_snapshot(state::Time now) {
    snapshot_ = backlog_.snapshot(now, place_);  // seq never descends
    row_.reset();
    rows_ = {};
    place_ = snapshot_->seq;
    stage_ = Stage::snapshot_begin;
}

bool Feed::starts_again() const { return view_ && (request_.snapshot_after_gap || !had_snapshot_); }

// A reload hides nothing from those who do not fold: they read the record itself, and go on.
bool Feed::overtaken() const {
    return place_ + 1 < (starts_again() ? backlog_.first_good() : backlog_.ring().first_good());
}

GapReason Feed::reason_of_gap() const {
    return place_ + 1 < backlog_.ring().first_good() ? GapReason::slow_reader : GapReason::reload;
}

std::optional<Line> Feed::next_row() {
    while (look()) {
        const state::RowPtr row =
            row_ ? snapshot_->rows.after(*row_) : snapshot_->rows.at_or_after(rtnl::Key{});
        if (!row) return end_of_snapshot();
        row_ = row->key;
        if (!covers(*row)) continue;
        ++rows_[static_cast<std::size_t>(row->key.kind)];
        text_.clear();
        backlog_.renderer().snapshot_row(text_, place_, *row);
        type_.assign(record::kind_name(row->key.kind)).append(".added");
        return own_line(type_);
    }
    return std::nullopt;
}

bool Feed::covers(const state::Row& row) const {
    const Subject subject(row);
    return backlog_.published().covers(subject) && request_.filter.covers(subject);
}

Line Feed::end_of_snapshot() {
    std::array<std::optional<std::uint64_t>, rtnl::kinds> counts;
    for (std::size_t i = 0; i < counts.size(); ++i) {
        const auto kind = static_cast<rtnl::Kind>(i);
        const auto& own = request_.filter.scopes;
        if (selects(backlog_.published(), kind) &&
            std::all_of(own.begin(), own.end(), [&](const auto& scope) { return selects(scope, kind); }))
            counts[i] = rows_[i];
    }
    text_.clear();
    backlog_.renderer().snapshot_end(text_, place_, snapshot_->settled, counts);
    snapshot_.reset();
    had_snapshot_ = true;
    stage_ = Stage::live;
    return own_line("snapshot.end", true);
}

std::optional<Line> Feed::next_record(state::Time now) {
    while (place_ < backlog_.head()) {
        if (!look()) return std::nullopt;
        const Entry& entry = backlog_.ring().entry(++place_);
        const Sight sight = request_.filter.sight(entry);
        if (sight == Sight::hidden) {
            hidden_ = true;
            continue;
        }
        hidden_ = false;
        ++delivered_;
        return record_line(entry, sight);
    }
    looks_ = 0;
    return bookmark(now);
}

// Tells a filtered reader how far it has come, when it is awake anyway.
std::optional<Line> Feed::bookmark(state::Time now) {
    if (!hidden_ || (bookmarked_ && now - *bookmarked_ < between_bookmarks)) return std::nullopt;
    hidden_ = false;
    bookmarked_ = now;
    text_.clear();
    backlog_.renderer().bookmark(text_, place_);
    return own_line("bookmark", true);
}

bool Feed::look() {
    behind_ = looks_ == looks_per_turn;
    looks_ = behind_ ? 0 : looks_ + 1;
    return !behind_;
}

Line Feed::own_line(std::string_view type, bool resumable) const {
    return {type, text_, {backlog_.run(), place_}, resumable};
}

Line Feed::record_line(const Entry& entry, Sight sight) {
    std::string_view text = backlog_.ring().line(place_);
    if (sight != Sight::as_is) {
        text_.clear();
        record::border_line(text_, text, entry, sight);
        text = text_;
    }
    if (entry.frame != Entry::Frame::none) {
        type_ = record::frame_type(entry.frame);
    } else {
        const rtnl::Kind kind = (entry.op == state::Op::removed ? entry.before : entry.after).kind;
        type_.assign(record::kind_name(kind)).append(".").append(record::op_name(delivered_op(entry, sight)));
    }
    return {type_, text, {backlog_.run(), place_}, true, &entry};
}

}  // namespace nlwatch::backlog
