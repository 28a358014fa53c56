// The one list of all metrics: their names, what they say, and the labels that they have.
#pragma once
#include <array>
#include <cstddef>
#include <string_view>

#include "metrics/buckets.hpp"
#include "metrics/family.hpp"

namespace nlwatch::metrics {

namespace labels {

using Values = std::string_view[];
using List = Label[];

inline constexpr Values kinds = {"link", "address"}, ops = {"added", "changed", "removed"},
                        origins = {"live", "derived", "resync", "audit", "restart"},
                        suppressions = {"unchanged", "filter"},
                        messages = {"new_link", "del_link", "new_address", "del_address", "other"},
                        broken = {"new_link", "del_link", "new_address", "del_address", "other", "framing"},
                        ignored = {"forged", "foreign_netns", "bridge_port", "wireless", "unknown_type"},
                        causes = {"overrun", "drops", "truncated", "framing", "error"},
                        passes = {"clean", "dirty", "lost", "failed"},
                        transports = {"stream", "ndjson", "sse"}, reloads = {"applied", "refused"},
                        link_transitions = {"carrier_up", "carrier_down", "state_up", "state_down"},
                        address_transitions = {"usable", "unusable", "tentative", "dad_failed", "deprecated"},
                        results = {"delivered", "dropped"},
                        outcomes = {"success", "rejected", "server_error", "timeout", "network_error"},
                        drops = {"gap", "rejected", "expired"};

inline constexpr List version = {{"version"}}, kind = {{"kind", kinds}},
                      event = {{"kind", kinds}, {"op", ops}, {"origin", origins}},
                      suppressed = {{"kind", kinds}, {"reason", suppressions}},
                      message = {{"type", messages}}, parse_error = {{"type", broken}},
                      ignored_message = {{"reason", ignored}}, cause = {{"cause", causes}},
                      pass = {{"result", passes}}, drift = {{"kind", kinds}, {"op", ops}},
                      transport = {{"transport", transports}}, reload = {{"outcome", reloads}},
                      device = {{"device"}}, link_transition = {{"device"}, {"transition", link_transitions}},
                      address_transition = {{"transition", address_transitions}}, sink = {{"sink"}, {"type"}},
                      sink_result = {{"sink"}, {"type"}, {"result", results}},
                      sink_outcome = {{"sink"}, {"type"}, {"outcome", outcomes}},
                      sink_drop = {{"sink"}, {"type"}, {"reason", drops}};

}  // namespace labels

// In the order in which they are shown.
inline constexpr Family catalogue[] = {
    {"nlwatch_build_info", Type::gauge, Unit::none, "1, with the version of the program that runs",
     labels::version},

    {"nlwatch_events_total", Type::counter, Unit::none,
     "Published changes of objects, as [filter] lets them through", labels::event},
    {"nlwatch_events_suppressed_total", Type::counter, Unit::none,
     "What was learnt and not published: messages that said nothing new, and changes that [filter] holds "
     "back",
     labels::suppressed},
    {"nlwatch_last_event_timestamp_seconds", Type::gauge, Unit::seconds,
     "When the last change was published, as Unix time; 0 if none was yet"},

    {"nlwatch_netlink_messages_received_total", Type::counter, Unit::none,
     "Messages that the kernel announced changes with", labels::message},
    {"nlwatch_netlink_received_bytes_total", Type::counter, Unit::bytes,
     "Size of all datagrams received on the events socket"},
    {"nlwatch_netlink_parse_errors_total", Type::counter, Unit::none,
     "Messages, of events and of dumps, that could not be read; framing: datagrams that could not be divided "
     "into messages",
     labels::parse_error},
    {"nlwatch_netlink_ignored_messages_total", Type::counter, Unit::none,
     "Messages that are left aside on purpose; forged: datagrams that another process sent",
     labels::ignored_message},
    {"nlwatch_netlink_overruns_total", Type::counter, Unit::none,
     "Times that the kernel said that it had no room for events in the receive buffer"},
    {"nlwatch_netlink_lost_messages_total", Type::counter, Unit::none,
     "Events that the kernel dropped, as far as it counted them"},
    {"nlwatch_netlink_receive_buffer_bytes", Type::gauge, Unit::bytes,
     "Receive buffer of the events socket, as the kernel granted it"},
    {"nlwatch_netlink_receive_buffer_requested_bytes", Type::gauge, Unit::bytes,
     "Receive buffer as it was last asked for; more than was granted means that net.core.rmem_max is too "
     "small"},

    {"nlwatch_resyncs_total", Type::counter, Unit::none,
     "Resyncs begun, by what told first that events were lost", labels::cause},
    {"nlwatch_resync_in_progress", Type::gauge, Unit::none,
     "1 from the moment that readers are told of a loss until all is repaired"},
    {"nlwatch_resync_duration_seconds",
     Type::histogram,
     Unit::seconds,
     "Time from the beginning of a resync to its end",
     {},
     buckets::resync_duration},
    {"nlwatch_passes_total", Type::counter, Unit::none,
     "Attempts to learn the whole truth from the kernel, by what became of them", labels::pass},
    {"nlwatch_dump_interruptions_total", Type::counter, Unit::none,
     "Dumps of which the kernel said that they were disturbed (NLM_F_DUMP_INTR)", labels::kind},
    {"nlwatch_last_audit_timestamp_seconds", Type::gauge, Unit::seconds,
     "When the last pass without a loss ended clean, as Unix time; 0 if none did yet"},
    {"nlwatch_state_drift_total", Type::counter, Unit::none,
     "Differences from the kernel that audits found and repaired; the kernel itself changes some things in "
     "silence, "
     "so only links that were added or removed are worth an alarm",
     labels::drift},
    {"nlwatch_state_objects", Type::gauge, Unit::none, "Objects held, published or not", labels::kind},

    {"nlwatch_event_dispatch_seconds",
     Type::histogram,
     Unit::seconds,
     "Time from reading an event off the socket until its change stands in the backlog",
     {},
     buckets::event_dispatch},
    {"nlwatch_reactor_stall_seconds",
     Type::histogram,
     Unit::seconds,
     "Turns of the one working thread that took more than a millisecond; the first turn after a sleep by its "
     "CPU time",
     {},
     buckets::reactor_stall},
    {"nlwatch_backlog_records", Type::gauge, Unit::none, "Records held for readers"},
    {"nlwatch_backlog_bytes", Type::gauge, Unit::bytes, "Size of the records held for readers"},

    {"nlwatch_subscribers", Type::gauge, Unit::none, "Readers that are connected now", labels::transport},
    {"nlwatch_subscriber_gaps_total", Type::counter, Unit::none, "Gaps that readers were told of",
     labels::transport},
    {"nlwatch_config_reloads_total", Type::counter, Unit::none, "Reloads of the configuration",
     labels::reload},
    {"nlwatch_config_last_reload_successful", Type::gauge, Unit::none,
     "0 if the last reload was refused, so that an older configuration runs"},

    {"nlwatch_sink_up", Type::gauge, Unit::none, "1 while the sink takes what it is given", labels::sink},
    {"nlwatch_sink_events_total", Type::counter, Unit::none,
     "Events meant for the sink, by what became of them", labels::sink_result},
    {"nlwatch_sink_attempts_total", Type::counter, Unit::none, "Deliveries tried, by their outcome",
     labels::sink_outcome},
    {"nlwatch_sink_dropped_events_total", Type::counter, Unit::none,
     "Events that the sink did not deliver; gap: the backlog passed them by", labels::sink_drop},
    {"nlwatch_sink_lag_events", Type::gauge, Unit::none,
     "Records that did not go through the sink yet, those that its filter hides among them", labels::sink},
    {"nlwatch_sink_oldest_event_age_seconds", Type::gauge, Unit::seconds,
     "Age of the oldest event that waits for delivery; 0 if none does", labels::sink},
    {"nlwatch_sink_delivery_seconds", Type::histogram, Unit::seconds, "Time that a delivery took",
     labels::sink, buckets::sink_delivery},

    {"nlwatch_link_up", Type::gauge, Unit::none,
     "1 if the link can be used: operstate up, or unknown with carrier", labels::device},
    {"nlwatch_link_admin_up", Type::gauge, Unit::none, "1 if the link is switched on (IFF_UP)",
     labels::device},
    {"nlwatch_link_carrier", Type::gauge, Unit::none, "1 if the link has carrier (IFF_LOWER_UP)",
     labels::device},
    {"nlwatch_link_last_change_timestamp_seconds", Type::gauge, Unit::seconds,
     "When one of the three changed, as Unix time; while none has, when the series began", labels::device},
    {"nlwatch_link_transitions_total", Type::counter, Unit::none,
     "Changes of carrier and state since the series began, with those of carrier that were missed in a loss",
     labels::link_transition},
    {"nlwatch_links_without_series", Type::gauge, Unit::none,
     "Links that [metrics] selects and that have no series of their own, since so many have"},
    {"nlwatch_address_transitions_total", Type::counter, Unit::none, "Transitions of addresses, of all links",
     labels::address_transition},

    {"process_cpu_seconds_total", Type::counter, Unit::seconds, "Processor time of the process"},
    {"process_resident_memory_bytes", Type::gauge, Unit::bytes, "Memory of the process that is in RAM"},
    {"process_virtual_memory_bytes", Type::gauge, Unit::bytes, "Address space of the process"},
    {"process_open_fds", Type::gauge, Unit::none, "Open file descriptors"},
    {"process_max_fds", Type::gauge, Unit::none, "Limit of open file descriptors"},
    {"process_start_time_seconds", Type::gauge, Unit::seconds, "When the process started, as Unix time"},
};

// Names a family of the catalogue; what is not in it does not compile.
class FamilyName {
public:
    consteval FamilyName(const char* name) : index_(find(name)) {}

    constexpr std::size_t index() const { return index_; }  // in the catalogue
    constexpr const Family& operator*() const { return catalogue[index_]; }

private:
    static consteval std::size_t find(std::string_view name) {
        for (std::size_t index = 0; index < std::size(catalogue); ++index)
            if (catalogue[index].name == name) return index;
        throw "no metric of this name is in the catalogue";
    }

    std::size_t index_;
};

}  // namespace nlwatch::metrics
