#include "app/status.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "record/utc.hpp"
#include "resync_frames.hpp"

namespace nlwatch {

using json = nlohmann::ordered_json;  // read by people, too

namespace {

template <class T>
json or_null(const std::optional<T>& value) {
    return value ? json(*value) : json(nullptr);
}

json seconds(std::chrono::nanoseconds duration) { return std::chrono::duration<double>(duration).count(); }

json of_last_loss(const LastLoss& it) {
    json loss{{"cause", cause_name(it.loss.cause)},
              {"time", record::utc_text(it.time)},
              {"lost", or_null(it.repair ? it.repair->lost : it.loss.lost)}};
    if (it.repair) {
        loss["duration_s"] = seconds(it.repair->duration);
        loss["repaired"] = {{"added", it.repair->repaired[0]},
                            {"changed", it.repair->repaired[1]},
                            {"removed", it.repair->repaired[2]}};
    }
    return loss;
}

json of_audits(const kernel::Follower::Counters& counters) {
    std::uint64_t repaired = 0;
    for (const auto& by_op : counters.drift)
        for (const std::uint64_t count : by_op) repaired += count;
    json audit{{"last", nullptr}, {"repaired", repaired}};
    if (counters.last_audit != state::Time{})
        audit["last"] = record::utc_text(record::Stamp::now().utc_of(counters.last_audit));
    return audit;
}

json of_sinks(const std::vector<scrape::NamedSink>& sinks) {
    json list = json::array();
    const record::Stamp now = record::Stamp::now();
    for (const scrape::NamedSink& it : sinks) {
        std::uint64_t dropped = 0;
        for (const std::uint64_t count : it.counters.dropped) dropped += count;
        list.push_back({{"name", it.name},
                        {"type", it.type},
                        {"up", it.standing.up},
                        {"delivered", it.counters.delivered},
                        {"dropped", dropped},
                        {"lag", it.standing.lag}});
        json& sink = list.back();
        if (it.standing.left_out > 0) sink["left_out"] = it.standing.left_out;
        if (it.standing.position) sink["position"] = record::to_string(*it.standing.position);
        if (it.standing.waiting) sink["oldest_age_s"] = seconds(now.monotonic - *it.standing.waiting);
        if (!it.standing.last_error.empty()) sink["last_error"] = it.standing.last_error;
        if (it.standing.next_retry)
            sink["next_retry_s"] =
                std::max(0.0, seconds(*it.standing.next_retry - now.monotonic).get<double>());
    }
    return list;
}

json of_config(const Reloader& reloader) {
    const std::string& file = reloader.running().file;
    json config{{"file", file.empty() ? json(nullptr) : json(file)}, {"last_reload", nullptr}};
    if (const auto& last = reloader.last()) {
        config["last_reload"] = {{"outcome", last->applied() ? "applied" : "refused"},
                                 {"time", record::utc_text(last->time)}};
        if (last->applied())
            config["last_reload"]["at_restart"] = last->changes.at_restart;
        else
            config["last_reload"]["message"] = last->refused;
    }
    return config;
}

}  // namespace

std::string status_json(const StatusSources& from) {
    const kernel::Follower& follower = from.engine.follower();
    const backlog::Backlog& backlog = from.engine.backlog();
    const record::Identity& identity = backlog.renderer().identity();
    const state::Table& table = follower.state().table();

    std::uint64_t resyncs = 0;
    for (const std::uint64_t count : follower.counters().resyncs) resyncs += count;
    json readers = json::object(), gaps = json::object();
    constexpr const char* transports[] = {"stream", "ndjson", "sse"};
    for (std::size_t i = 0; i < from.readers.size(); ++i) {
        readers[transports[i]] = from.readers[i].connected;
        gaps[transports[i]] = from.readers[i].gaps;
    }

    const json status{
        {"schema", 1},
        {"version", identity.version},
        {"run", record::run_text(identity.run)},
        {"seq", backlog.head()},
        {"settled", backlog.settled()},
        {"ready", backlog.begun() && !follower.sync().resyncing()},
        {"since", record::utc_text(from.since)},
        {"uptime_s", seconds(std::chrono::system_clock::now() - from.since)},
        {"host", {{"name", identity.host_name}}},
        {"netns", {{"cookie", identity.netns_cookie}, {"inode", identity.netns_inode}}},
        {"objects", {{"link", table.size(rtnl::Kind::link)}, {"address", table.size(rtnl::Kind::address)}}},
        {"receive_buffer",
         {{"bytes", follower.receive_buffer()}, {"requested", follower.requested_receive_buffer()}}},
        {"resync",
         {{"in_progress", follower.sync().resyncing()},
          {"total", resyncs},
          {"last", from.last_loss ? of_last_loss(*from.last_loss) : json(nullptr)}}},
        {"audit", of_audits(follower.counters())},
        {"backlog",
         {{"records", backlog.ring().records()},
          {"bytes", backlog.ring().bytes()},
          {"first_seq", backlog.ring().first_good()}}},
        {"subscribers", readers},
        {"gaps", gaps},
        {"sinks", of_sinks(from.sinks)},
        {"config", of_config(from.reloader)},
    };
    // Names of this host, and what a configuration file holds, may be of any bytes.
    return status.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace nlwatch
