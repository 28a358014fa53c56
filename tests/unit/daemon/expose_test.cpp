#include <gtest/gtest.h>

#include <sstream>

#include "metrics/catalogue.hpp"
#include "record/entry.hpp"
#include "record/renderer.hpp"
#include "record/transition.hpp"
#include "resync_frames.hpp"
#include "scrape/sample.hpp"
#include "support/exposition.hpp"
#include "support/objects.hpp"
#include "version.hpp"

namespace nlwatch::scrape {
namespace {

using namespace std::chrono_literals;
using test::Exposed;

LinkSeries series_of(std::string_view device) {
    LinkSeries series;
    series.device = device;
    series.last_change = std::chrono::system_clock::time_point{1'700'000'000s};
    return series;
}

Sample sample_with(std::initializer_list<std::string_view> devices,
                   std::initializer_list<std::string> sink_names = {}) {
    Sample sample;
    sample.taken = {state::Time{1'000s}, std::chrono::system_clock::time_point{1'700'001'000s}};
    for (const std::string_view device : devices) sample.links.push_back(series_of(device));
    for (const std::string& name : sink_names) sample.sinks.push_back({name, "log", {}, {}});
    return sample;
}

std::string value(const Sample& sample, const std::string& series) {
    const Exposed exposed = test::read_exposition(expose(sample));
    const auto found = exposed.value_of.find(series);
    return found == exposed.value_of.end() ? "not there" : found->second;
}

// All series that a family has where open labels have these values.
void add_series(std::set<std::string>& to, const metrics::Family& family,
                const std::map<std::string_view, std::vector<std::string_view>>& open) {
    std::vector<std::string> series{""};
    for (const metrics::Label& label : family.labels) {
        std::vector<std::string_view> values(label.values.begin(), label.values.end());
        if (!label.fixed()) values = open.at(label.name);
        std::vector<std::string> longer;
        for (const std::string& start : series)
            for (const std::string_view one : values)
                longer.push_back(start + (start.empty() ? "" : ",") + std::string{label.name} + "=\"" +
                                 std::string{one} + "\"");
        series = std::move(longer);
    }
    const std::string name{family.name};
    for (const std::string& labels : series) {
        const std::string braced = labels.empty() ? "" : "{" + labels + "}";
        if (family.type != metrics::Type::histogram) {
            to.insert(name + braced);
            continue;
        }
        to.insert(name + "_sum" + braced);
        to.insert(name + "_count" + braced);
        for (const auto bound : family.buckets) {
            std::ostringstream le;
            le << std::chrono::duration<double>(bound).count();
            to.insert(name + "_bucket{" + labels + (labels.empty() ? "" : ",") + "le=\"" + le.str() + "\"}");
        }
        to.insert(name + "_bucket{" + labels + (labels.empty() ? "" : ",") + "le=\"+Inf\"}");
    }
}

// Both ways: nothing of the catalogue is missing, counters at 0 from the start, and nothing else is there.
TEST(Expose, ShowsTheCatalogueAndNothingElse) {
    std::set<std::string> expected;
    for (const metrics::Family& family : metrics::catalogue)
        add_series(expected, family,
                   {{"version", {NLWATCH_VERSION}},
                    {"device", {"eth0", "lo"}},
                    {"sink", {"log"}},
                    {"type", {"log"}}});
    std::set<std::string> shown;
    for (const auto& [series, value] :
         test::read_exposition(expose(sample_with({"lo", "eth0"}, {"log"}))).value_of)
        shown.insert(series);
    EXPECT_EQ(shown, expected);
}

TEST(Expose, HasNoSeriesOfWhatIsNotThere) {
    const Exposed exposed = test::read_exposition(expose(sample_with({})));
    for (const metrics::Family& family : metrics::catalogue)
        EXPECT_EQ(exposed.families.contains(std::string{family.name}),
                  family.fixed() || family.name == "nlwatch_build_info")
            << family.name;
}

// Of the names of any bytes, one that is not UTF-8 would make Prometheus reject the whole scrape.
TEST(Expose, MakesNamesHarmless) {
    const Sample sample = sample_with({"eth\xff", "a\"b", "a\\b", "\033[2J"}, {"to \xff"});
    // The backslash is written twice, and read as one.
    for (const char* device : {R"(eth\\xff)", R"(a\"b)", R"(a\\x5cb)", R"(\\x1b[2J)"})
        EXPECT_EQ(value(sample, "nlwatch_link_up{device=\"" + std::string{device} + "\"}"), "0") << device;
    EXPECT_EQ(value(sample, R"(nlwatch_sink_up{sink="to \\xff",type="log"})"), "1");
}

TEST(Expose, ShowsOfTwoLinksOfOneNameTheNewest) {
    Sample sample = sample_with({"eth0", "eth0", "eth0"});
    sample.links[1].last_change += 1s;
    sample.links[1].up = true;
    EXPECT_EQ(value(sample, "nlwatch_link_up{device=\"eth0\"}"), "1");
}

TEST(Expose, PutsEachNumberInItsPlace) {
    Sample sample = sample_with({"eth0"}, {"ops"});
    sample.backlog.events[1][3][2] = 11;  // address, audit, removed
    sample.backlog.filtered[1] = 12;
    sample.unchanged[0] = 13;
    sample.backlog.last_event.utc = std::chrono::system_clock::time_point{1'700'000'000s + 250ms};
    sample.follower.messages[3] = 21;
    sample.follower.malformed[2] = 22;
    sample.follower.broken_framing = 23;
    sample.follower.forged = 24;
    sample.follower.ignored = {25, 26, 27};
    sample.follower.losses = {31, 99, 99, 99, 99};
    sample.follower.resyncs = {32, 33, 34, 35, 36};
    sample.follower.drift[0][2] = 37;
    sample.follower.dumps_interrupted = {38, 39};
    sample.follower.last_audit = state::Time{990s};
    sample.passes = {.clean = 41, .dirty = 42, .lost = 43, .failed = 44};
    sample.objects = {51, 52};
    sample.readers = {Readers{61, 62}, Readers{63, 64}, Readers{65, 66}};
    sample.reloads = {71, 72, false};
    sample.sinks[0].counters.delivered = 81;
    sample.sinks[0].counters.dropped = {82, 83, 84};
    sample.sinks[0].counters.attempts = {85, 86, 87, 88, 89};
    sample.sinks[0].standing.up = false;
    sample.sinks[0].standing.lag = 90;
    sample.sinks[0].standing.waiting = state::Time{940s};
    sample.links[0].told = {91, 92, 93, 94};
    sample.links[0].admin_up = true;
    sample.address_transitions = {95, 96, 97, 98, 99};
    const std::map<std::string, std::string> expected = {
        {R"(events_total{kind="address",op="removed",origin="audit"})", "11"},
        {R"(events_suppressed_total{kind="address",reason="filter"})", "12"},
        {R"(events_suppressed_total{kind="link",reason="unchanged"})", "13"},
        {R"(last_event_timestamp_seconds)", "1700000000.25"},
        {R"(netlink_messages_received_total{type="del_address"})", "21"},
        {R"(netlink_parse_errors_total{type="new_address"})", "22"},
        {R"(netlink_parse_errors_total{type="framing"})", "23"},
        {R"(netlink_ignored_messages_total{reason="forged"})", "24"},
        {R"(netlink_ignored_messages_total{reason="bridge_port"})", "25"},
        {R"(netlink_ignored_messages_total{reason="wireless"})", "26"},
        {R"(netlink_ignored_messages_total{reason="unknown_type"})", "27"},
        {R"(netlink_overruns_total)", "31"},
        {R"(resyncs_total{cause="overrun"})", "32"},
        {R"(resyncs_total{cause="error"})", "36"},
        {R"(state_drift_total{kind="link",op="removed"})", "37"},
        {R"(dump_interruptions_total{kind="address"})", "39"},
        {R"(last_audit_timestamp_seconds)", "1700000990"},
        {R"(passes_total{result="clean"})", "41"},
        {R"(passes_total{result="failed"})", "44"},
        {R"(state_objects{kind="address"})", "52"},
        {R"(subscribers{transport="ndjson"})", "63"},
        {R"(subscriber_gaps_total{transport="sse"})", "66"},
        {R"(config_reloads_total{outcome="applied"})", "71"},
        {R"(config_reloads_total{outcome="refused"})", "72"},
        {R"(config_last_reload_successful)", "0"},
        {R"(sink_events_total{sink="ops",type="log",result="delivered"})", "81"},
        {R"(sink_events_total{sink="ops",type="log",result="dropped"})", "249"},
        {R"(sink_dropped_events_total{sink="ops",type="log",reason="rejected"})", "83"},
        {R"(sink_attempts_total{sink="ops",type="log",outcome="timeout"})", "88"},
        {R"(sink_up{sink="ops",type="log"})", "0"},
        {R"(sink_lag_events{sink="ops",type="log"})", "90"},
        {R"(sink_oldest_event_age_seconds{sink="ops",type="log"})", "60"},
        {R"(link_transitions_total{device="eth0",transition="state_down"})", "94"},
        {R"(link_up{device="eth0"})", "0"},
        {R"(link_admin_up{device="eth0"})", "1"},
        {R"(link_last_change_timestamp_seconds{device="eth0"})", "1700000000"},
        {R"(address_transitions_total{transition="deprecated"})", "99"},
    };
    const Exposed exposed = test::read_exposition(expose(sample));
    for (const auto& [series, number] : expected) {
        const auto found = exposed.value_of.find("nlwatch_" + series);
        EXPECT_EQ(found == exposed.value_of.end() ? "not there" : found->second, number) << series;
    }
}

// The catalogue knows nothing of ours, so its words are held to ours here.
TEST(Expose, WordsAreThoseOfRecordsInTheirOrder) {
    namespace labels = metrics::labels;
    for (std::size_t i = 0; i < rtnl::kinds; ++i)
        EXPECT_EQ(labels::kinds[i], record::kind_name(static_cast<rtnl::Kind>(i)));
    for (std::size_t i = 0; i < state::ops; ++i)
        EXPECT_EQ(labels::ops[i], record::op_name(static_cast<state::Op>(i)));
    for (std::size_t i = 0; i < kernel::causes; ++i)
        EXPECT_EQ(labels::causes[i], cause_name(static_cast<kernel::Cause>(i)));
    const auto row = std::make_shared<state::Row>();
    row->object = rtnl::Boxed<rtnl::Link>{test::link(2, "eth0")};
    for (std::size_t i = 0; i < state::origins; ++i) {
        std::string line;
        record::Renderer{{}}.change(
            line, 1, {.before = {}, .after = row, .origin = static_cast<state::Origin>(i)}, {});
        EXPECT_NE(line.find("\"origin\":\"" + std::string{labels::origins[i]} + '"'), std::string::npos)
            << line;
    }
    for (const std::string_view word : labels::link_transitions)
        EXPECT_TRUE(record::transition_named(word)) << word;
    for (const std::string_view word : labels::address_transitions)
        EXPECT_TRUE(record::transition_named(word)) << word;
}

}  // namespace
}  // namespace nlwatch::scrape
