#include "config/changes.hpp"

#include <gtest/gtest.h>

#include "config/load.hpp"

using namespace nlwatch::config;

namespace {

Config of(const std::string& text) { return parse(text, "test.toml"); }

using Names = std::vector<std::string>;

}  // namespace

TEST(Changes, OfNothingAreNone) { EXPECT_EQ(changes({}, {}), Changes{}); }

TEST(Changes, AreNamedByTheirPlaceInTheFile) {
    const Config wanted = of(R"(
[runtime]
dir = "/x"
[log]
level = "debug"
[netlink]
receive_buffer = "1 MiB"
audit_interval = "1 h"
[filter]
interface = ["eth*"]
[tags]
site = "fra1"
[backlog]
bytes = "1 MiB"
[stream]
group = "staff"
[http]
hosts = []
listen = []
[metrics]
link_kind = ["none"]
[[sink]]
name = "log"
type = "log"
format = "json"
)");
    const Names at_once{"log.level", "filter.interface", "tags", "metrics.link_kind", "sink.log"};
    const Names at_restart{"runtime.dir",   "netlink.receive_buffer", "netlink.audit_interval",
                           "backlog.bytes", "stream.group",           "http.hosts",
                           "http.listen"};
    EXPECT_EQ(changes({}, wanted), (Changes{at_once, at_restart}));
    EXPECT_EQ(changes(wanted, {}), (Changes{at_once, at_restart}));
}

TEST(Changes, OfSinksAreThoseThatCameWentOrChanged) {
    const std::string log = "type = \"log\"\n[[sink]]\nname = ";
    const Config running = of("[[sink]]\nname = \"a\"\n" + log + "\"b\"\n" + log + "\"c\"\ntype = \"log\"\n");
    const Config wanted =
        of("[[sink]]\nname = \"d\"\n" + log + "\"c\"\n" + log + "\"b\"\nformat = \"json\"\ntype = \"log\"\n");
    EXPECT_EQ(changes(running, wanted), (Changes{{"sink.a", "sink.b", "sink.d"}, {}})) << "not their order";
}

TEST(Changes, WaitForTheRestartInWhatRunsAfterTheReload) {
    const Config wanted = of("log.level = \"debug\"\nstream.max_clients = 1\ntags.site = \"x\"\n");
    const Config now = reloaded({}, wanted);
    EXPECT_EQ(now.log, wanted.log);
    EXPECT_EQ(now.tags, wanted.tags);
    EXPECT_EQ(now.stream, Config{}.stream);
    EXPECT_EQ(changes(now, wanted), (Changes{{}, {"stream.max_clients"}})) << "still to be told";
}
