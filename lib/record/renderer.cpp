#include "record/renderer.hpp"

#include <arpa/inet.h>

#include <charconv>
#include <cstdio>

#include "record/json_writer.hpp"
#include "record/object_writer.hpp"
#include "record/utc.hpp"

namespace nlwatch::record {

namespace {

constexpr std::string_view origin_names[state::origins] = {"live", "derived", "resync", "audit", "restart"};
constexpr std::string_view gap_reasons[] = {"slow_reader", "expired", "other_run", "reload"};

std::string_view reason_name(rtnl::Gone gone) {
    switch (gone) {
        case rtnl::Gone::moved_netns:
            return "moved_netns";
        case rtnl::Gone::link_removed:
            return "link_removed";
        case rtnl::Gone::deleted:
        case rtnl::Gone::no:
            break;
    }
    return "deleted";
}

void append_time(std::string& out, std::chrono::system_clock::time_point time) {
    out += '"';
    append_utc(out, time);
    out += '"';
}

void append_number(std::string& out, std::uint64_t number) {
    char digits[24];
    out.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

void append_stamp(std::string& out, const Stamp& stamp) {
    out += ",\"time\":";
    append_time(out, stamp.utc);
    out += ",\"monotonic_us\":";
    const auto micros =
        std::chrono::duration_cast<std::chrono::microseconds>(stamp.monotonic.time_since_epoch());
    append_number(out, static_cast<std::uint64_t>(micros.count()));
}

void append_transitions(std::string& out, Transitions set) {
    out += ",\"transitions\":[";
    bool first = true;
    for (int bit = 0; bit < transition_count; ++bit) {
        if (!(set >> bit & 1)) continue;
        out += first ? "\"" : ",\"";
        first = false;
        out += transition_name(bit);
        out += '"';
    }
    out += ']';
}

void append_ip(std::string& out, std::uint8_t family, const std::array<std::uint8_t, 16>& bytes) {
    char text[INET6_ADDRSTRLEN];
    out += ::inet_ntop(family, bytes.data(), text, sizeof text);
}

void append_globs(JsonWriter& json, const char* name, const Globs& globs) {
    if (globs.empty()) return;
    json.key(name);
    json.open('[');
    for (const std::string& pattern : globs.patterns()) json.text(pattern);
    json.close(']');
}

void append_scope(JsonWriter& json, const Scope& scope) {
    append_globs(json, "kind", scope.kinds);
    append_globs(json, "interface", scope.interfaces);
    append_globs(json, "link_kind", scope.link_kinds);
}

void append_filter(JsonWriter& json, const Filter& filter) {
    for (const Scope& scope : filter.scopes) append_scope(json, scope);
    append_globs(json, "type", filter.types);
    if (filter.transitions == 0) return;
    json.key("transition");
    json.open('[');
    for (int bit = 0; bit < transition_count; ++bit)
        if (filter.transitions >> bit & 1) json.word(transition_name(bit));
    json.close(']');
}

}  // namespace

std::string run_text(std::uint64_t run) {
    char text[17];
    std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(run));
    return text;
}

std::string to_string(Position position) {
    return run_text(position.run) + ":" + std::to_string(position.seq);
}

std::optional<Position> parse_position(std::string_view text) {
    Position position;
    if (text.size() < 18 || text[16] != ':') return std::nullopt;
    const auto whole = [](std::string_view digits, std::uint64_t& number, int base) {
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number, base);
        return error == std::errc{} && end == digits.data() + digits.size();
    };
    if (!whole(text.substr(0, 16), position.run, 16) || !whole(text.substr(17), position.seq, 10))
        return std::nullopt;
    // Exactly what to_string() writes: no capitals, no leading zeros.
    return to_string(position) == text ? std::optional{position} : std::nullopt;
}

Renderer::Renderer(Identity identity)
    : identity_(std::move(identity)),
      head_("{\"schema\":1,\"run\":\"" + run_text(identity_.run) + "\",\"seq\":") {
    netns_ = ",\"netns\":" + std::to_string(identity_.netns_cookie);
    for (const auto& [tag, value] : identity_.tags) {
        tags_ += tags_.empty() ? ",\"tags\":{" : ",";
        JsonWriter{tags_}.text(tag);
        tags_ += ':';
        JsonWriter{tags_}.text(value);
    }
    if (!tags_.empty()) tags_ += '}';
}

void Renderer::begin(std::string& out, std::uint64_t seq, std::string_view type) const {
    out += head_;
    append_number(out, seq);
    out += ",\"type\":\"";
    out += type;
}

void Renderer::end(std::string& out) const {
    out += tags_;
    out += "}\n";
}

Entry Renderer::change(std::string& out, std::uint64_t seq, const state::Change& change,
                       const Stamp& stamp) const {
    const std::size_t start = out.size();
    const state::Row& subject = change.subject();
    Entry entry;
    entry.learnt = stamp.monotonic;
    entry.ifindex = subject.key.ifindex;
    entry.op = change.op();
    entry.transitions = transitions_of(change);
    entry.before = Subject{change.before ? *change.before : *change.after};
    entry.after = Subject{subject};

    begin(out, seq, kind_name(subject.key.kind));
    out += '.';
    entry.op_at = static_cast<std::uint16_t>(out.size() - start);
    out += op_name(entry.op);
    out += '"';
    if (entry.op == state::Op::removed) {
        out += ",\"reason\":\"";
        out += reason_name(change.reason);
        out += '"';
    }
    out += ",\"origin\":\"";
    out += origin_names[static_cast<std::size_t>(change.origin)];
    out += '"';
    if (change.not_before != state::Time{}) {
        out += ",\"not_before\":";
        append_time(out, stamp.utc_of(change.not_before));
    }
    append_stamp(out, stamp);
    out += ",\"key\":\"";
    key(out, subject.key);
    out += '"';
    out += netns_;
    append_transitions(out, entry.transitions);
    if (change.missed_ups != 0 || change.missed_downs != 0) {
        out += ",\"missed\":{\"carrier_up\":";
        append_number(out, change.missed_ups);
        out += ",\"carrier_down\":";
        append_number(out, change.missed_downs);
        out += '}';
    }
    if (entry.op == state::Op::changed) {
        out += ",\"before\":";
        write_before(out, *change.before, *change.after);
    }
    out += ",\"object\":";
    write_object(out, subject);
    end(out);
    entry.size = static_cast<std::uint32_t>(out.size() - start);
    return entry;
}

Entry Renderer::frame(std::string& out, std::uint64_t seq, Entry::Frame frame, std::string_view fields,
                      const Stamp& stamp) const {
    const std::size_t start = out.size();
    begin(out, seq, frame_type(frame));
    out += '"';
    append_stamp(out, stamp);
    out += fields;
    end(out);
    Entry entry;
    entry.learnt = stamp.monotonic;
    entry.frame = frame;
    entry.size = static_cast<std::uint32_t>(out.size() - start);
    return entry;
}

void Renderer::hello(std::string& out, std::uint64_t seq, const Greeting& greeting,
                     const Stamp& stamp) const {
    begin(out, seq, "hello");
    out += "\",\"version\":";
    JsonWriter{out}.text(identity_.version);
    append_stamp(out, stamp);
    out += ",\"host\":";
    JsonWriter json{out};
    json.open('{');
    json.key("name");
    json.text(identity_.host_name);
    if (!identity_.host_id.empty()) {
        json.key("id");
        json.text(identity_.host_id);
    }
    if (!identity_.boot_id.empty()) {
        json.key("boot_id");
        json.text(identity_.boot_id);
    }
    json.close('}');
    json.key("netns");
    json.open('{');
    json.key("cookie");
    json.number(identity_.netns_cookie);
    json.key("inode");
    json.number(identity_.netns_inode);
    json.close('}');
    json.key("kinds");
    json.open('[');
    for (std::size_t kind = 0; kind < rtnl::kinds; ++kind)
        json.word(kind_name(static_cast<rtnl::Kind>(kind)));
    json.close(']');
    if (greeting.published && !greeting.published->everything()) {
        json.key("published");
        json.open('{');
        append_scope(json, *greeting.published);
        json.close('}');
    }
    if (greeting.filter) {
        json.key("filter");
        json.open('{');
        append_filter(json, *greeting.filter);
        json.close('}');
    }
    if (!greeting.foldable) {
        json.key("foldable");
        json.boolean(false);
    }
    json.flush();
    end(out);
}

void Renderer::snapshot_begin(std::string& out, std::uint64_t seq) const {
    begin(out, seq, "snapshot.begin");
    out += '"';
    end(out);
}

void Renderer::snapshot_row(std::string& out, std::uint64_t seq, const state::Row& row) const {
    begin(out, seq, kind_name(row.key.kind));
    out += ".added\",\"origin\":\"snapshot\",\"key\":\"";
    key(out, row.key);
    out += '"';
    out += netns_;
    out += ",\"transitions\":[],\"object\":";
    write_object(out, row);
    end(out);
}

void Renderer::snapshot_end(std::string& out, std::uint64_t seq, bool settled,
                            const std::array<std::optional<std::uint64_t>, rtnl::kinds>& counts) const {
    begin(out, seq, "snapshot.end");
    out += settled ? "\",\"settled\":true,\"counts\":" : "\",\"settled\":false,\"counts\":";
    JsonWriter json{out};
    json.open('{');
    for (std::size_t kind = 0; kind < counts.size(); ++kind) {
        if (!counts[kind]) continue;
        json.key(kind_name(static_cast<rtnl::Kind>(kind)));
        json.number(*counts[kind]);
    }
    json.close('}');
    json.flush();
    end(out);
}

void Renderer::gap(std::string& out, std::optional<std::uint64_t> from, std::uint64_t to,
                   GapReason reason) const {
    begin(out, to, "gap");
    out += '"';
    if (from) {
        out += ",\"from\":";
        append_number(out, *from);
    }
    out += ",\"to\":";
    append_number(out, to);
    out += ",\"reason\":\"";
    out += gap_reasons[static_cast<std::size_t>(reason)];
    out += '"';
    end(out);
}

void Renderer::bookmark(std::string& out, std::uint64_t seq) const {
    begin(out, seq, "bookmark");
    out += '"';
    end(out);
}

void Renderer::key(std::string& out, const rtnl::Key& key) const {
    out += kind_name(key.kind);
    out += '/';
    append_number(out, identity_.netns_cookie);
    out += '/';
    append_number(out, key.ifindex);
    if (key.kind == rtnl::Kind::link) return;
    out += key.family == AF_INET6 ? "/inet6/" : "/inet/";
    append_ip(out, key.family, key.local);
    if (key.family == AF_INET6) return;
    out += '/';
    append_number(out, key.prefixlen);
    out += '/';
    append_ip(out, key.family, key.peer);
}

void Renderer::object(std::string& out, const state::Row& row) const { write_object(out, row); }

void border_line(std::string& out, std::string_view line, const Entry& entry, Sight sight) {
    const std::size_t behind = entry.op_at + op_name(entry.op).size();
    out += line.substr(0, entry.op_at);
    out += sight == Sight::entered ? "added" : "removed\",\"reason\":\"filter";
    out += line.substr(behind);
}

void error_line(std::string& out, std::string_view message) {
    out += "{\"schema\":1,\"type\":\"error\",\"message\":";
    JsonWriter{out}.text(message);
    out += "}\n";
}

}  // namespace nlwatch::record
