#include "client/status_text.hpp"

#include <spdlog/fmt/fmt.h>

#include <ctime>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>

#include "client/table.hpp"
#include "config/values.hpp"
#include "counted.hpp"
#include "failure.hpp"
#include "record/safe_text.hpp"

namespace nlwatch::client {

using nlohmann::json;

namespace {

constexpr int label_columns = 11;

// What is not there, or of another type than is known, is nothing.
const json& at(const json& object, const char* name) {
    static const json nothing;
    if (!object.is_object()) return nothing;
    const auto found = object.find(name);
    return found == object.end() ? nothing : *found;
}

std::string text_of(const json& value) {
    return value.is_string() ? record::safe(value.get<std::string>()) : std::string{};
}
std::optional<std::uint64_t> count_of(const json& value) {
    if (!value.is_number_unsigned()) return std::nullopt;
    return value.get<std::uint64_t>();
}
std::uint64_t count(const json& value) { return count_of(value).value_or(0); }
bool is(const json& value, bool wanted) { return value.is_boolean() && value.get<bool>() == wanted; }

// "two days" of a span is enough: its two largest units.
std::string span_text(double seconds) {
    if (seconds < 0) seconds = 0;
    const auto whole = static_cast<std::uint64_t>(seconds);
    if (whole < 60) return fmt::format("{} s", whole);
    if (whole < 3600) return fmt::format("{} min", whole / 60);
    if (whole < 86400) return fmt::format("{} h {} min", whole / 3600, whole % 3600 / 60);
    return fmt::format("{} d {} h", whole / 86400, whole % 86400 / 3600);
}

std::string rough_size(std::uint64_t bytes) {
    constexpr std::uint64_t mebi = 1 << 20, kibi = 1 << 10;
    if (bytes >= mebi) return fmt::format("{:.1f} MiB", static_cast<double>(bytes) / mebi);
    if (bytes >= kibi) return fmt::format("{:.1f} KiB", static_cast<double>(bytes) / kibi);
    return fmt::format("{} B", bytes);
}

std::optional<std::time_t> time_in(const json& value) {
    if (!value.is_string()) return std::nullopt;
    std::tm utc{};
    const char* const behind =
        ::strptime(value.get_ref<const std::string&>().c_str(), "%Y-%m-%dT%H:%M:%S", &utc);
    if (!behind) return std::nullopt;
    return ::timegm(&utc);
}

class Words {
public:
    Words(const json& status, std::time_t now, bool coloured)
        : status_(status), now_(now), coloured_(coloured) {}

    std::string all();

private:
    void say(const char* label, const std::string& text, Ink ink = Ink::plain) {
        if (!text.empty())
            text_ += fmt::format("{:<{}}  {}\n", label, label_columns, record::inked(text, ink, coloured_));
    }
    // "2026-11-24 13:20:31, 5 min ago"
    std::string when(const json& value) const {
        const auto time = time_in(value);
        if (!time) return text_of(value);
        std::tm local{};
        ::localtime_r(&*time, &local);
        char text[32];
        const std::size_t length = std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &local);
        return fmt::format("{}, {} ago", std::string_view{text, length},
                           span_text(std::difftime(now_, *time)));
    }

    void daemon();
    void following();
    void buffer();
    void losses();
    void audit();
    void backlog();
    void clients();
    void sinks();
    void configuration();

    const json& status_;
    std::time_t now_;
    bool coloured_;
    std::string text_;
};

std::string Words::all() {
    daemon();
    following();
    buffer();
    losses();
    audit();
    backlog();
    clients();
    sinks();
    configuration();
    return std::move(text_);
}

void Words::daemon() {
    std::string text = "nlwatch";
    if (const std::string version = text_of(at(status_, "version")); !version.empty()) text += " " + version;
    if (const std::string host = text_of(at(at(status_, "host"), "name")); !host.empty())
        text += " on " + host;
    say("daemon", text);
    say("since", when(at(status_, "since")));
    if (const std::string run = text_of(at(status_, "run")); !run.empty())
        say("run", fmt::format("{}, at record {}", run, count(at(status_, "seq"))));
}

void Words::following() {
    // It is not ready either while it repairs a loss; then it has a state, though no certain one.
    if (is(at(status_, "ready"), false) && !is(at(at(status_, "resync"), "in_progress"), true)) {
        say("following", "not yet: the first look at the kernel is not complete", Ink::note);
        return;
    }
    const json& objects = at(status_, "objects");
    std::string text;
    if (const auto links = count_of(at(objects, "link"))) text = counted(*links, "link", "links");
    if (const auto addresses = count_of(at(objects, "address")))
        text += (text.empty() ? "" : ", ") + counted(*addresses, "address", "addresses");
    if (const auto netns = count_of(at(at(status_, "netns"), "inode")))
        text += fmt::format("{}network namespace net:[{}]", text.empty() ? "" : ", in ", *netns);
    const bool settled = !is(at(status_, "settled"), false);
    if (!settled) text += "; not certain: looking at the kernel again";
    say("following", text, settled ? Ink::good : Ink::note);
}

void Words::buffer() {
    const json& buffer = at(status_, "receive_buffer");
    const auto bytes = count_of(at(buffer, "bytes"));
    if (!bytes) return;
    const std::uint64_t requested = count(at(buffer, "requested"));
    std::string text = config::size_text(*bytes);
    if (*bytes < requested)
        text +=
            fmt::format(", and not the {} asked for: raise net.core.rmem_max to {}, or grant CAP_NET_ADMIN",
                        config::size_text(requested), requested / 2);
    say("buffer", text, *bytes < requested ? Ink::note : Ink::plain);
}

void Words::losses() {
    const json& resync = at(status_, "resync");
    if (!resync.is_object()) return;
    if (is(at(resync, "in_progress"), true)) say("loss", "being repaired now", Ink::bad);
    const json& last = at(resync, "last");
    if (!last.is_object()) {
        say("last loss", "none");
        return;
    }
    const auto lost = count_of(at(last, "lost"));
    std::string text =
        (lost ? counted(*lost, "message", "messages") : std::string{"an unknown number of messages"}) +
        " lost (" + text_of(at(last, "cause")) + "), " + when(at(last, "time"));
    if (const json& duration = at(last, "duration_s"); duration.is_number())
        text += fmt::format("; repaired within {:.3f} s", duration.get<double>());
    if (const auto total = count_of(at(resync, "total"))) text += fmt::format("; {} in all", *total);
    say("last loss", text, Ink::note);
}

void Words::audit() {
    const json& audit = at(status_, "audit");
    if (!audit.is_object()) return;
    const std::string time = when(at(audit, "last"));
    const auto repaired = count_of(at(audit, "repaired"));
    std::string text = time.empty() ? "none yet" : time;
    if (repaired)
        text +=
            *repaired == 0 ? "; nothing was wrong so far" : fmt::format("; {} repaired so far", *repaired);
    say("last audit", text);
}

void Words::backlog() {
    const json& backlog = at(status_, "backlog");
    const auto records = count_of(at(backlog, "records"));
    if (!records) return;
    std::string text =
        counted(*records, "record", "records") + ", " + rough_size(count(at(backlog, "bytes")));
    if (const auto first = count_of(at(backlog, "first_seq")); first && *records > 0)
        text += fmt::format(", from {} on", *first);
    say("backlog", text);
}

void Words::clients() {
    const json& subscribers = at(status_, "subscribers");
    if (!subscribers.is_object()) return;
    std::string text;
    for (const auto& [transport, number] : subscribers.items()) {
        const std::uint64_t gaps = count(at(at(status_, "gaps"), transport.c_str()));
        if (count(number) == 0 && gaps == 0) continue;
        text += fmt::format("{}{} of {}", text.empty() ? "" : ", ", count(number), record::safe(transport));
        if (gaps > 0) text += " (" + counted(gaps, "gap", "gaps") + " told)";
    }
    say("clients", text.empty() ? "none" : text);
}

void Words::sinks() {
    const json& sinks = at(status_, "sinks");
    if (!sinks.is_array()) return;
    for (const json& sink : sinks) {
        const bool down = is(at(sink, "up"), false);
        const std::string name = text_of(at(sink, "name")), type = text_of(at(sink, "type"));
        std::string text = name == type ? name : fmt::format("{} ({})", name, type);
        text += fmt::format(": {}, {} delivered", down ? "down" : "up", count(at(sink, "delivered")));
        if (const std::uint64_t dropped = count(at(sink, "dropped")))
            text += fmt::format(", {} dropped", dropped);
        if (const std::uint64_t lag = count(at(sink, "lag"))) text += fmt::format(", {} behind", lag);
        if (const std::uint64_t left_out = count(at(sink, "left_out")))
            text += fmt::format(", {} left out by its delays", left_out);
        if (const json& age = at(sink, "oldest_age_s"); age.is_number())
            text += ", waiting for " + span_text(age.get<double>());
        if (const json& retry = at(sink, "next_retry_s"); retry.is_number())
            text += ", tried again in " + span_text(retry.get<double>());
        if (const std::string error = text_of(at(sink, "last_error")); !error.empty()) text += ": " + error;
        say("sink", text, down ? Ink::bad : Ink::plain);
    }
}

void Words::configuration() {
    const json& config = at(status_, "config");
    if (!config.is_object()) return;
    const std::string file = text_of(at(config, "file"));
    say("file", file.empty() ? "none: the defaults hold" : file);
    const json& reload = at(config, "last_reload");
    if (!reload.is_object()) return;
    const bool refused = text_of(at(reload, "outcome")) == "refused";
    say("last reload", fmt::format("{}, {}", text_of(at(reload, "outcome")), when(at(reload, "time"))),
        refused ? Ink::bad : Ink::plain);
    // Lines with a caret under what is wrong, as `check` prints them: safe since the daemon made them.
    if (const json& message = at(reload, "message"); refused && message.is_string())
        text_ += message.get<std::string>() + "\n";
}

}  // namespace

std::string status_text(std::string_view text, std::chrono::system_clock::time_point now, bool coloured) {
    const json status = json::parse(text, nullptr, false);
    if (!status.is_object())
        throw Failure{exit_code::failure,
                      "the daemon's status is no JSON object: it may be of another version"};
    return Words{status, std::chrono::system_clock::to_time_t(now), coloured}.all();
}

std::string version_in_status(std::string_view text) {
    const json status = json::parse(text, nullptr, false);
    return text_of(at(status, "version"));
}

}  // namespace nlwatch::client
