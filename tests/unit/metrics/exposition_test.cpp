#include "metrics/exposition.hpp"

#include <gtest/gtest.h>

namespace nlwatch::metrics {
namespace {

using namespace std::chrono_literals;

std::string text(auto&& add) {
    Exposition exposition;
    add(exposition);
    return std::move(exposition).text();
}

TEST(Exposition, ShowsTypeHelpLabelsAndValue) {
    EXPECT_EQ(text([](Exposition& to) {
                  to.add("nlwatch_state_objects", 3, {"link"});
                  to.add("nlwatch_state_objects", 0, {"address"});
              }),
              "# HELP nlwatch_state_objects Objects held, published or not\n"
              "# TYPE nlwatch_state_objects gauge\n"
              "nlwatch_state_objects{kind=\"link\"} 3\n"
              "nlwatch_state_objects{kind=\"address\"} 0\n");
}

TEST(Exposition, KeepsTheCataloguesOrderAndLeavesOutWhatHasNoSeries) {
    const std::string shown = text([](Exposition& to) {
        to.add("nlwatch_backlog_bytes", 1);
        to.add("nlwatch_netlink_overruns_total", 1);
    });
    EXPECT_LT(shown.find("nlwatch_netlink_overruns_total 1\n"), shown.find("nlwatch_backlog_bytes 1\n"));
    EXPECT_EQ(shown.find("nlwatch_link_up"), std::string::npos);
}

// Prometheus reads back what was put in.
TEST(Exposition, EscapesValues) {
    EXPECT_NE(text([](Exposition& to) {
                  to.add("nlwatch_link_up", 1, {"a\"b\\xff<script>\n"});
              }).find(R"(nlwatch_link_up{device="a\"b\\xff<script>\n"} 1)"),
              std::string::npos);
}

TEST(Exposition, KeepsMicrosecondsOfUnixTime) {
    EXPECT_NE(text([](Exposition& to) {
                  to.add("nlwatch_last_event_timestamp_seconds", 1'234'567'890.123456);
              }).find("_seconds 1234567890.123456\n"),
              std::string::npos);
}

TEST(Exposition, KeepsLargeCounts) {
    EXPECT_NE(text([](Exposition& to) {
                  to.add("nlwatch_netlink_received_bytes_total", 9'007'199'254'740'991);
              }).find("_total 9007199254740991\n"),
              std::string::npos);
}

TEST(Exposition, CumulatesAHistogramsBuckets) {
    Histogram stalls{buckets::reactor_stall};
    for (const auto duration : {2ms, 3ms, 5ms, 6'000ms}) stalls.observe(duration);
    const std::string shown = text([&](Exposition& to) { to.add("nlwatch_reactor_stall_seconds", stalls); });
    for (const char* line :
         {"_bucket{le=\"0.002\"} 1\n", "_bucket{le=\"0.005\"} 3\n", "_bucket{le=\"5\"} 3\n",
          "_bucket{le=\"+Inf\"} 4\n", "_count 4\n", "_sum 6.01\n"})
        EXPECT_NE(shown.find(std::string{"nlwatch_reactor_stall_seconds"} + line), std::string::npos)
            << line << "is not in\n"
            << shown;
}

TEST(Histogram, CountsABoundInItsBucket) {
    Histogram histogram{buckets::reactor_stall};
    histogram.observe(0ns);
    histogram.observe(2ms);
    histogram.observe(2ms + 1ns);
    histogram.observe(1h);
    EXPECT_EQ(histogram.count(0), 2u);
    EXPECT_EQ(histogram.count(1), 1u);
    EXPECT_EQ(histogram.count(histogram.bounds().size()), 1u);
    EXPECT_EQ(histogram.sum(), 1h + 4ms + 1ns);
}

}  // namespace
}  // namespace nlwatch::metrics
