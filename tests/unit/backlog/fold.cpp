#include "fold.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

namespace nlwatch::test {

using nlohmann::json;

namespace {

std::string as_text(const json& value) { return value.is_string() ? value.get<std::string>() : value.dump(); }

bool ends_with(std::string_view text, std::string_view end) { return text.ends_with(end); }

bool is_change(std::string_view type) {
    return ends_with(type, ".added") || ends_with(type, ".changed") || ends_with(type, ".removed");
}

}  // namespace

std::optional<std::string> member(std::string_view line, std::string_view path) {
    const json whole = json::parse(line);
    const json::json_pointer at("/" + std::string(path));
    if (!whole.contains(at)) return std::nullopt;
    return as_text(whole.at(at));
}

Objects objects_of(const World& world, const std::vector<record::Scope>& scopes) {
    Objects objects;
    const state::Table& table = world.state.table();
    for (state::RowPtr row = table.at_or_after(rtnl::Key{}); row; row = table.after(row->key)) {
        const record::Subject subject(*row);
        if (!world.backlog.published().covers(subject)) continue;
        if (!std::all_of(scopes.begin(), scopes.end(),
                         [&](const auto& scope) { return scope.covers(subject); }))
            continue;
        std::string key, object;
        world.backlog.renderer().key(key, row->key);
        world.backlog.renderer().object(object, *row);
        objects[key] = json::parse(object).dump();
    }
    return objects;
}

std::string Fold::read(const std::vector<Line>& lines) {
    for (const Line& line : lines)
        if (std::string breach = read(line); !breach.empty()) return breach;
    return {};
}

std::string Fold::read(const Line& line) {
    const auto breach = [&](std::string law) {
        return law + "; read up to " + std::to_string(seq_) + ", then " + line.text;
    };
    if (!line.text.ends_with('\n') || line.text.find('\n') != line.text.size() - 1)
        return breach("a line is one line");
    const json record = json::parse(line.text, nullptr, false);
    if (record.is_discarded()) return breach("a line is JSON");
    if (record.at("type") != line.type) return breach("the feed says the line's type");
    const std::uint64_t seq = record.at("seq");
    const bool numbered = (is_change(line.type) && record.at("origin") != "snapshot") ||
                          line.type == "reload" || line.type.starts_with("resync.");
    const bool resumable = numbered || line.type == "snapshot.end" || line.type == "bookmark";
    if (line.resumable != resumable)
        return breach("resumable are numbered records, snapshot.end and bookmark");
    if (line.position != record::Position{run, seq}) return breach("a line's position is its own");

    if (line.type == "hello") {
        if (std::exchange(greeted_, true)) return breach("one hello");
        if (seq_ > seq) return breach("seq never descends");
    } else if (!greeted_) {
        return breach("hello is first");
    } else if (line.type == "gap") {
        if (record.at("to") != seq) return breach("a gap's seq is its to");
        if (record.at("reason") != "other_run") {
            const std::uint64_t from = record.at("from");
            if (from > seq) return breach("a gap is not empty");
            // A filtered reader may have passed hidden records that it cannot know of.
            if (filtered_ ? from < seq_ + 1 : from != seq_ + 1)
                return breach("a gap begins behind what was read");
        } else if (record.contains("from")) {
            return breach("a gap to another run has no beginning");
        }
        in_snapshot_ = false;
        whole_ = !view_;
    } else if (numbered) {
        if (in_snapshot_ || (view_ && !whole_)) return breach("nothing live before the snapshot is whole");
        if (filtered_ ? seq <= seq_ : seq != seq_ + 1) return breach("numbers count by one");
    } else if (line.type == "bookmark") {
        if (!filtered_ || seq <= seq_) return breach("a bookmark tells a filtered reader of hidden records");
    } else if (seq != seq_) {
        return breach("a snapshot is as of its seq");
    }

    if (line.type == "snapshot.begin") {
        objects_.clear();
        in_snapshot_ = true;
        whole_ = false;
    } else if (line.type == "snapshot.end") {
        if (!std::exchange(in_snapshot_, false)) return breach("a snapshot begins before it ends");
        whole_ = true;
        std::map<std::string, std::uint64_t> rows{{"link", 0}, {"address", 0}};
        for (const auto& [key, object] : objects_) ++rows[key.substr(0, key.find('/'))];
        for (const auto& [kind, count] : record.at("counts").items())
            if (rows[kind] != count) return breach("a snapshot counts its rows");
    }
    if (is_change(line.type)) {
        if ((record.at("origin") == "snapshot") != in_snapshot_)
            return breach("rows of a snapshot stand in one");
        if (view_)
            if (std::string law = change(line); !law.empty()) return breach(std::move(law));
    }
    // Who comes back stands where it stood: its hello may already be as of the snapshot to come.
    if (line.type != "hello" || !std::exchange(came_, true)) seq_ = seq;
    if (resumable) position_ = line.position;
    return {};
}

std::string Fold::change(const Line& line) {
    const json record = json::parse(line.text);
    const std::string key = record.at("key");
    const json& object = record.at("object");
    const auto held = objects_.find(key);
    if (ends_with(line.type, ".added")) {
        if (held != objects_.end()) return "added is only what is not there";
        objects_[key] = object.dump();
        return {};
    }
    if (held == objects_.end()) return "changed and removed is only what is there";
    if (ends_with(line.type, ".removed")) {
        if (record.at("reason") != "filter" && held->second != object.dump())
            return "removed tells the last known values";
        objects_.erase(held);
        return {};
    }
    json was = object;
    for (const auto& [name, value] : record.at("before").items()) {
        if (value.is_null())
            was.erase(name);
        else
            was[name] = value;
    }
    if (was.dump() != held->second) return "before leads back";
    held->second = object.dump();
    return {};
}

}  // namespace nlwatch::test
