#include "config/config.hpp"

#include <gtest/gtest.h>

using namespace nlwatch::config;
using namespace std::chrono_literals;

namespace {

// The text of the errors in `source`; "" if there are none.
std::string errors_of(const std::string& source) {
    try {
        parse_config(source, "test.toml");
        return "";
    } catch (const ConfigError& error) {
        return error.what();
    }
}

std::size_t count(const std::string& text, const std::string& part) {
    std::size_t found = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
    return found;
}

}  // namespace

TEST(Config, NothingSaidMeansTheDefaults) {
    const Config config = parse_config("", "test.toml");
    EXPECT_EQ(config.netlink.receive_buffer, 8u << 20);
    EXPECT_EQ(config.netlink.receive_buffer_max, 128u << 20);
    EXPECT_EQ(config.netlink.resync_min_interval, 1s);
    EXPECT_EQ(config.netlink.audit_interval, 60s);
    EXPECT_EQ(config.backlog.bytes, 32u << 20);
    EXPECT_EQ(config.stream.max_clients, 256u);
    EXPECT_TRUE(config.filter.everything());
}

TEST(Config, TakesEveryKey) {
    const Config config = parse_config(R"(
[runtime]
dir = "/tmp/here"
[netlink]
receive_buffer = 2304
receive_buffer_max = "1 MiB"
resync_min_interval = "0 ms"
audit_interval = "15 min"
[filter]
kind = ["link"]
interface = ["eth*", "!eth9"]
link_kind = ["!veth"]
[backlog]
bytes = "1 MiB"
[stream]
mode = "0600"
group = "staff"
max_clients = 3
)",
                                       "test.toml");
    EXPECT_EQ(config.runtime.dir, "/tmp/here");
    EXPECT_EQ(config.netlink.receive_buffer, 2304u);
    EXPECT_EQ(config.netlink.receive_buffer_max, 1u << 20);
    EXPECT_EQ(config.netlink.resync_min_interval, 0s);
    EXPECT_EQ(config.netlink.audit_interval, 15min);
    EXPECT_EQ(config.filter.kinds.patterns(), std::vector<std::string>{"link"});
    EXPECT_EQ(config.filter.interfaces.patterns(), (std::vector<std::string>{"eth*", "!eth9"}));
    EXPECT_EQ(config.filter.link_kinds.patterns(), std::vector<std::string>{"!veth"});
    EXPECT_EQ(config.backlog.bytes, 1u << 20);
    EXPECT_EQ(config.stream.mode, 0600u);
    EXPECT_EQ(config.stream.group, "staff");
    EXPECT_EQ(config.stream.max_clients, 3u);
}

TEST(Config, AnUnknownKeyIsShownWithItsLineAndWhatWasMeant) {
    EXPECT_EQ(errors_of("[stream]\n  max_client = 3\n"),
              "test.toml:2:3: error: unknown key 'max_client' in [stream] (did you mean 'max_clients'?)\n"
              "    max_client = 3\n"
              "    ^\n");
    EXPECT_EQ(errors_of("[steam]\n"),
              "test.toml:1:2: error: unknown table [steam] (did you mean 'stream'?)\n  [steam]\n   ^\n");
    EXPECT_NE(errors_of("colour = 1\n").find("unknown key 'colour'\n"), std::string::npos);
}

TEST(Config, AllErrorsOfMeaningAreToldAtOnce) {
    const std::string errors = errors_of(R"([netlink]
receive_buffer = "8 MB"
audit_interval = 60
[filter]
interface = "eth*"
kind = ["link", 3]
[backlog]
bytes = "1 KiB"
[stream]
mode = 660
max_clients = 0
)");
    EXPECT_EQ(count(errors, "error: "), 7u) << errors;
    for (const char* place : {":2:18:", ":3:18:", ":5:13:", ":6:17:", ":8:9:", ":10:8:", ":11:15:"})
        EXPECT_EQ(count(errors, place), 1u) << place << '\n' << errors;
}

TEST(Config, ASyntaxErrorIsToldAlone) {
    const std::string errors = errors_of("[stream\nmax_client = 3\n");
    EXPECT_EQ(count(errors, "error: "), 1u) << errors;
    EXPECT_EQ(errors.rfind("test.toml:1:", 0), 0u) << errors;
}

TEST(Config, LimitsMustFitTogether) {
    EXPECT_NE(errors_of("[netlink]\nreceive_buffer_max = \"1 MiB\"\n")
                  .find("must not be smaller than receive_buffer"),
              std::string::npos);
}

TEST(Config, AFileThatIsNotThereSaysSo) {
    try {
        load_config("/nonexistent/nlwatch.toml");
        FAIL();
    } catch (const ConfigError& error) {
        EXPECT_STREQ(
            error.what(),
            "/nonexistent/nlwatch.toml: error: cannot read the configuration: No such file or directory\n");
    }
}
