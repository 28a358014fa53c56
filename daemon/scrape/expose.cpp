#include <algorithm>
#include <iterator>

#include "metrics/exposition.hpp"
#include "metrics/process.hpp"
#include "record/safe_text.hpp"
#include "scrape/sample.hpp"
#include "version.hpp"

namespace nlwatch::scrape {

namespace {

using metrics::Exposition;
using metrics::FamilyName;
namespace labels = metrics::labels;

double seconds(std::chrono::nanoseconds duration) { return std::chrono::duration<double>(duration).count(); }
double unix_time(std::chrono::system_clock::time_point at) { return seconds(at.time_since_epoch()); }

// One series for each word, which is the label's value.
template <std::size_t count, typename Numbers>
void each(Exposition& to, FamilyName name, const std::string_view (&words)[count], const Numbers& numbers) {
    static_assert(std::tuple_size_v<Numbers> == count);
    for (std::size_t i = 0; i < count; ++i) to.add(name, static_cast<double>(numbers[i]), {words[i]});
}

void events(Exposition& to, const Sample& sample) {
    const backlog::Backlog::Counters& counters = sample.backlog;
    for (std::size_t kind = 0; kind < rtnl::kinds; ++kind) {
        for (std::size_t op = 0; op < state::ops; ++op)
            for (std::size_t origin = 0; origin < state::origins; ++origin)
                to.add("nlwatch_events_total", static_cast<double>(counters.events[kind][origin][op]),
                       {labels::kinds[kind], labels::ops[op], labels::origins[origin]});
        to.add("nlwatch_events_suppressed_total", static_cast<double>(sample.unchanged[kind]),
               {labels::kinds[kind], "unchanged"});
        to.add("nlwatch_events_suppressed_total", static_cast<double>(counters.filtered[kind]),
               {labels::kinds[kind], "filter"});
    }
    to.add("nlwatch_last_event_timestamp_seconds", unix_time(counters.last_event.utc));
    to.add("nlwatch_backlog_records", static_cast<double>(sample.backlog_records));
    to.add("nlwatch_backlog_bytes", static_cast<double>(sample.backlog_bytes));
    to.add("nlwatch_event_dispatch_seconds", sample.follower.dispatch);
    to.add("nlwatch_reactor_stall_seconds", sample.stalls);
}

void netlink(Exposition& to, const Sample& sample) {
    const kernel::Follower::Counters& counters = sample.follower;
    each(to, "nlwatch_netlink_messages_received_total", labels::messages, counters.messages);
    to.add("nlwatch_netlink_received_bytes_total", static_cast<double>(counters.bytes));
    std::array<std::uint64_t, kernel::Follower::message_types + 1> broken{};
    std::copy(counters.malformed.begin(), counters.malformed.end(), broken.begin());
    broken.back() = counters.broken_framing;
    each(to, "nlwatch_netlink_parse_errors_total", labels::broken, broken);
    const auto ignored = [&](rtnl::Ignored reason) {
        return counters.ignored[static_cast<std::size_t>(reason)];
    };
    // Other namespaces are not listened to, so nothing comes of them.
    each(
        to, "nlwatch_netlink_ignored_messages_total", labels::ignored,
        std::array<std::uint64_t, 5>{counters.forged, 0, ignored(rtnl::Ignored::bridge_port),
                                     ignored(rtnl::Ignored::wireless), ignored(rtnl::Ignored::unknown_type)});
    to.add("nlwatch_netlink_overruns_total",
           static_cast<double>(counters.losses[static_cast<std::size_t>(kernel::Cause::overrun)]));
    to.add("nlwatch_netlink_lost_messages_total", static_cast<double>(counters.lost_messages));
    to.add("nlwatch_netlink_receive_buffer_bytes", static_cast<double>(sample.receive_buffer));
    to.add("nlwatch_netlink_receive_buffer_requested_bytes",
           static_cast<double>(sample.requested_receive_buffer));
}

void synchronization(Exposition& to, const Sample& sample) {
    const kernel::Follower::Counters& counters = sample.follower;
    each(to, "nlwatch_resyncs_total", labels::causes, counters.resyncs);
    to.add("nlwatch_resync_in_progress", sample.resyncing);
    to.add("nlwatch_resync_duration_seconds", counters.resync_duration);
    const kernel::SyncMachine::Counters& passes = sample.passes;
    each(to, "nlwatch_passes_total", labels::passes,
         std::array<std::uint64_t, 4>{passes.clean, passes.dirty, passes.lost, passes.failed});
    each(to, "nlwatch_dump_interruptions_total", labels::kinds, counters.dumps_interrupted);
    to.add("nlwatch_last_audit_timestamp_seconds",
           counters.last_audit == state::Time{} ? 0 : unix_time(sample.taken.utc_of(counters.last_audit)));
    for (std::size_t kind = 0; kind < rtnl::kinds; ++kind)
        for (std::size_t op = 0; op < state::ops; ++op)
            to.add("nlwatch_state_drift_total", static_cast<double>(counters.drift[kind][op]),
                   {labels::kinds[kind], labels::ops[op]});
    each(to, "nlwatch_state_objects", labels::kinds, sample.objects);
}

void readers(Exposition& to, const Sample& sample) {
    for (std::size_t transport = 0; transport < sample.readers.size(); ++transport) {
        const Readers& of = sample.readers[transport];
        to.add("nlwatch_subscribers", static_cast<double>(of.connected), {labels::transports[transport]});
        to.add("nlwatch_subscriber_gaps_total", static_cast<double>(of.gaps),
               {labels::transports[transport]});
    }
    each(to, "nlwatch_config_reloads_total", labels::reloads,
         std::array<std::uint64_t, 2>{sample.reloads.applied, sample.reloads.refused});
    to.add("nlwatch_config_last_reload_successful", sample.reloads.last_successful);
}

void sinks(Exposition& to, const Sample& sample) {
    for (const NamedSink& sink : sample.sinks) {
        const std::string name = record::safe(sink.name), type = record::safe(sink.type);
        const sink::Counters& counters = sink.counters;
        std::uint64_t dropped = 0;
        for (std::size_t i = 0; i < counters.dropped.size(); ++i) {
            dropped += counters.dropped[i];
            to.add("nlwatch_sink_dropped_events_total", static_cast<double>(counters.dropped[i]),
                   {name, type, labels::drops[i]});
        }
        for (std::size_t i = 0; i < counters.attempts.size(); ++i)
            to.add("nlwatch_sink_attempts_total", static_cast<double>(counters.attempts[i]),
                   {name, type, labels::outcomes[i]});
        to.add("nlwatch_sink_events_total", static_cast<double>(counters.delivered),
               {name, type, "delivered"});
        to.add("nlwatch_sink_events_total", static_cast<double>(dropped), {name, type, "dropped"});
        to.add("nlwatch_sink_delivery_seconds", counters.delivery, {name, type});
        to.add("nlwatch_sink_up", sink.standing.up, {name, type});
        to.add("nlwatch_sink_lag_events", static_cast<double>(sink.standing.lag), {name, type});
        to.add("nlwatch_sink_oldest_event_age_seconds",
               sink.standing.waiting ? seconds(sample.taken.monotonic - *sink.standing.waiting) : 0,
               {name, type});
    }
}

// For a moment two links can have one name, when one has taken the other's and the pass that learns of it is
// not at its end. Prometheus wants each series once: the newest is shown.
std::vector<LinkSeries> by_device(std::vector<LinkSeries> links) {
    const auto before = [](const LinkSeries& a, const LinkSeries& b) {
        return a.device != b.device ? a.device.view() < b.device.view() : a.last_change > b.last_change;
    };
    std::sort(links.begin(), links.end(), before);
    const auto same = [](const LinkSeries& a, const LinkSeries& b) { return a.device == b.device; };
    links.erase(std::unique(links.begin(), links.end(), same), links.end());
    return links;
}

void links(Exposition& to, const Sample& sample) {
    for (const LinkSeries& link : by_device(sample.links)) {
        const std::string device = record::safe(link.device);
        to.add("nlwatch_link_up", link.up, {device});
        to.add("nlwatch_link_admin_up", link.admin_up, {device});
        to.add("nlwatch_link_carrier", link.carrier, {device});
        to.add("nlwatch_link_last_change_timestamp_seconds", unix_time(link.last_change), {device});
        for (std::size_t i = 0; i < link.told.size(); ++i)
            to.add("nlwatch_link_transitions_total", static_cast<double>(link.told[i]),
                   {device, labels::link_transitions[i]});
    }
    to.add("nlwatch_links_without_series", static_cast<double>(sample.links_left_out));
    each(to, "nlwatch_address_transitions_total", labels::address_transitions, sample.address_transitions);
}

void process(Exposition& to, const metrics::Process& process) {
    const auto add = [&](FamilyName name, const auto& number) {
        if (number) to.add(name, static_cast<double>(*number));
    };
    add("process_cpu_seconds_total", process.cpu_seconds);
    add("process_resident_memory_bytes", process.resident_bytes);
    add("process_virtual_memory_bytes", process.virtual_bytes);
    add("process_open_fds", process.open_fds);
    add("process_max_fds", process.max_fds);
    add("process_start_time_seconds", process.start_time_seconds);
}

}  // namespace

std::string expose(const Sample& sample) {
    Exposition to;
    to.add("nlwatch_build_info", 1, {NLWATCH_VERSION});
    events(to, sample);
    netlink(to, sample);
    synchronization(to, sample);
    readers(to, sample);
    sinks(to, sample);
    links(to, sample);
    process(to, metrics::read_process());
    return std::move(to).text();
}

}  // namespace nlwatch::scrape
