#include "backlog/backlog.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace nlwatch::backlog {

using record::Entry;
using record::Sight;
using record::Stamp;
using record::Subject;

namespace {
// Readers that join together share a copy; one that is older than this is a burden: the writer clones the
// pages it touches.
constexpr auto young = std::chrono::seconds{1};
}  // namespace

Backlog::Backlog(const state::Table& table, record::Identity identity, record::Scope published,
                 std::size_t ring_bytes)
    : table_(table), renderer_(std::move(identity)), published_(std::move(published)), ring_(ring_bytes) {}

void Backlog::changed(const state::Change& change, const Stamp& stamp) {
    if (!begun_) return;
    const auto kind = static_cast<std::size_t>(change.subject().key.kind);
    const bool was_published = change.before && published_.covers(Subject(*change.before));
    const bool is_published = change.after && published_.covers(Subject(*change.after));
    if (!was_published && !is_published) {
        ++counters_.filtered[kind];
        return;
    }
    line_.clear();
    Entry entry = renderer_.change(line_, ring_.next(), change, stamp);
    std::string_view line = line_;
    if (entry.op == state::Op::changed && was_published != is_published) {
        border_line_.clear();
        record::border_line(border_line_, line_, entry, is_published ? Sight::entered : Sight::left);
        line = border_line_;
        // For every reader it is now a plain addition or removal: of what stands on this side of the border.
        entry.op = is_published ? state::Op::added : state::Op::removed;
        (is_published ? entry.before : entry.after) = is_published ? entry.after : entry.before;
    }
    ++counters_.events[kind][static_cast<std::size_t>(change.origin)][static_cast<std::size_t>(entry.op)];
    counters_.last_event = stamp;
    append(entry, line, stamp.monotonic);
}

void Backlog::frame(Entry::Frame frame, std::string_view fields, const Stamp& stamp) {
    if (!begun_) return;
    line_.clear();
    const Entry entry = renderer_.frame(line_, ring_.next(), frame, fields, stamp);
    append(entry, line_, stamp.monotonic);
}

void Backlog::reload(record::Scope published, const Stamp& stamp) {
    if (published == published_) return;
    published_ = std::move(published);
    if (!begun_) return;
    ++counters_.reloads;
    behind_reload_ = ring_.next() + 1;
    frame(Entry::Frame::reload, "", stamp);
}

void Backlog::set_tags(std::vector<std::pair<std::string, std::string>> tags) {
    record::Identity identity = renderer_.identity();
    identity.tags = std::move(tags);
    renderer_ = record::Renderer(std::move(identity));
}

std::shared_ptr<const Snapshot> Backlog::snapshot(state::Time now, std::uint64_t at_least) {
    // One that the tail is close behind would only be overtaken before it is read.
    const auto comfortable = [&](const Snapshot& it) {
        return it.seq >= at_least && it.seq + 1 >= first_good() &&
               it.seq + 1 >= ring_.next() - ring_.records() / 2;
    };
    if (!young_ || now - young_->taken > young || young_->settled != settled_ || !comfortable(*young_)) {
        young_ = std::make_shared<Snapshot>(Snapshot{head(), settled_, table_, now});
        std::erase_if(lent_, [](const std::weak_ptr<Snapshot>& it) { return it.expired(); });
        lent_.push_back(young_);
    }
    return young_;
}

void Backlog::append(const Entry& entry, std::string_view line, state::Time now) {
    ring_.append(entry, line);
    if (young_ && now - young_->taken > young) young_.reset();
    retire_snapshots();
}

void Backlog::retire_snapshots() {
    const auto passed = [&](const std::weak_ptr<Snapshot>& lent) {
        const std::shared_ptr<Snapshot> it = lent.lock();
        if (it && it->seq + 1 >= first_good()) return false;
        if (it) it->rows = {};
        return true;
    };
    const auto first_kept = std::find_if_not(lent_.begin(), lent_.end(), passed);
    lent_.erase(lent_.begin(), first_kept);
}

}  // namespace nlwatch::backlog
