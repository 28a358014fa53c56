#include "config/config.hpp"

#include <gtest/gtest.h>

#include "config/load.hpp"

using namespace nlwatch::config;
using namespace std::chrono_literals;
namespace http = nlwatch::http;
namespace record = nlwatch::record;

namespace {

// The errors in `source`; "" if there are none.
std::string errors_of(const std::string& source) {
    try {
        parse(source, "test.toml");
        return "";
    } catch (const ConfigError& error) {
        return error.errors;
    }
}

bool mentions(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

Sink sink(const std::string& more) {
    return parse("[[sink]]\nname = \"log\"\ntype = \"log\"\n" + more, "test.toml").sinks.at(0);
}

}  // namespace

TEST(Config, NothingSaidMeansTheDefaults) {
    const Config config = parse("", "test.toml");
    EXPECT_EQ(config, Config{});
    EXPECT_EQ(config.netlink.receive_buffer, 8u << 20);
    EXPECT_EQ(config.netlink.receive_buffer_max, 128u << 20);
    EXPECT_EQ(config.netlink.resync_min_interval, 1s);
    EXPECT_EQ(config.netlink.audit_interval, 60s);
    EXPECT_EQ(config.backlog.bytes, 32u << 20);
    EXPECT_EQ(config.stream.max_clients, 256u);
    EXPECT_TRUE(config.filter.everything());
    ASSERT_EQ(config.http.listen.size(), 1u);
    EXPECT_EQ(config.http.listen[0].routes, (http::GroupSet{http::Group::metrics, http::Group::health}));
    ASSERT_EQ(config.sinks.size(), 1u);
    EXPECT_EQ(config.sinks[0].name, "log");
}

TEST(Config, TakesEveryKey) {
    const Config config = parse(R"(
[runtime]
dir = "/tmp/here"
[log]
level = "warning,netlink=debug"
[netlink]
receive_buffer = 2304
receive_buffer_max = "1 MiB"
resync_min_interval = "0 ms"
audit_interval = "15 min"
[filter]
kind = ["link"]
interface = ["eth*", "!eth9"]
link_kind = ["!veth"]
[tags]
site = "fra1"
"a key with spaces" = "東京"
[backlog]
bytes = "1 MiB"
[stream]
mode = "0600"
group = "staff"
max_clients = 3
[http]
mode = "0666"
group = ""
max_connections = 7
hosts = ["localhost", "proxy.example.org", "[::1]"]
[[http.listen]]
address = "[::]:80"
routes = ["status", "events"]
insecure = true
[[http.listen]]
address = "127.0.0.2:0"
[metrics]
interface = ["eth*"]
link_kind = ["none"]
[[sink]]
name = "second-log_2"
type = "log"
filter = { kind = ["link"], interface = ["e*"], link_kind = ["none"], type = ["*.removed"], transition = ["renamed"] }
format = "json"
file = "/var/log/it"
)",
                                "test.toml");
    EXPECT_EQ(config.runtime.dir, "/tmp/here");
    EXPECT_EQ(config.log.level.of("stream"), LogLevel::warning);
    EXPECT_EQ(config.log.level.of("netlink"), LogLevel::debug);
    EXPECT_EQ(config.netlink.receive_buffer, 2304u);
    EXPECT_EQ(config.netlink.receive_buffer_max, 1u << 20);
    EXPECT_EQ(config.netlink.resync_min_interval, 0s);
    EXPECT_EQ(config.netlink.audit_interval, 15min);
    EXPECT_EQ(config.filter, (record::Scope{record::Globs{{"link"}}, record::Globs{{"eth*", "!eth9"}},
                                            record::Globs{{"!veth"}}}));
    EXPECT_EQ(config.tags,
              (std::map<std::string, std::string>{{"site", "fra1"}, {"a key with spaces", "東京"}}));
    EXPECT_EQ(config.backlog.bytes, 1u << 20);
    EXPECT_EQ(config.stream.mode, 0600u);
    EXPECT_EQ(config.stream.group, "staff");
    EXPECT_EQ(config.stream.max_clients, 3u);
    EXPECT_EQ(config.http.mode, 0666u);
    EXPECT_EQ(config.http.group, "");
    EXPECT_EQ(config.http.max_connections, 7u);
    EXPECT_EQ(config.http.hosts, (std::vector<std::string>{"localhost", "proxy.example.org", "[::1]"}));
    ASSERT_EQ(config.http.listen.size(), 2u);
    EXPECT_EQ(config.http.listen[0],
              (Listen{{"::", 80, false}, {http::Group::status, http::Group::events}, true}));
    EXPECT_EQ(config.http.listen[1],
              (Listen{{"127.0.0.2", 0, true}, {http::Group::metrics, http::Group::health}, false}));
    EXPECT_EQ(config.metrics, (record::Scope{{}, record::Globs{{"eth*"}}, record::Globs{{"none"}}}));
    ASSERT_EQ(config.sinks.size(), 2u) << "and the built-in one";
    EXPECT_EQ(config.sinks[0], Sink{});
    const Sink& second = config.sinks[1];
    EXPECT_EQ(second.name, "second-log_2");
    EXPECT_EQ(second.format, Sink::Format::json);
    EXPECT_EQ(second.file, "/var/log/it");
    const record::Filter filter = second.filter.filter();
    ASSERT_EQ(filter.scopes.size(), 1u);
    EXPECT_EQ(filter.scopes[0],
              (record::Scope{record::Globs{{"link"}}, record::Globs{{"e*"}}, record::Globs{{"none"}}}));
    EXPECT_EQ(filter.types, record::Globs{{"*.removed"}});
    EXPECT_EQ(filter.transitions, record::transition::renamed);
}

TEST(Config, AllIsWhateverWayItIsWritten) {
    const Config config = parse("[filter]\ninterface = [\"*\"]\nkind = [\"*\"]\n", "test.toml");
    EXPECT_TRUE(config.filter.everything());
}

TEST(Config, ASinkNamedLogTakesThePlaceOfTheBuiltInOne) {
    const Config config = parse("[[sink]]\nname = \"log\"\ntype = \"log\"\nformat = \"json\"\n", "test.toml");
    ASSERT_EQ(config.sinks.size(), 1u);
    EXPECT_EQ(config.sinks[0].format, Sink::Format::json);
}

TEST(Config, ASinksFilterHoldsUntilOneIsSaidAndThenNotAtAll) {
    EXPECT_EQ(sink("").filter, Sink::edges());
    EXPECT_EQ(sink("filter = {}").filter, EventFilter{});
    EXPECT_TRUE(sink("filter = {}").filter.filter().foldable());
    EXPECT_EQ(sink("filter = { interface = [\"eth*\"] }").filter.transitions, 0);
}

TEST(Config, TheControlDoorIsNoRoute) {
    EXPECT_TRUE(mentions(errors_of("[[http.listen]]\naddress = \"127.0.0.1:0\"\nroutes = [\"control\"]\n"),
                         "unknown route 'control'"));
}

TEST(Config, NoListenerAtAllCanBeSaid) {
    EXPECT_TRUE(parse("[http]\nlisten = []\n", "test.toml").http.listen.empty());
}

TEST(Config, ListenersThatTheKernelGivesPortsMayShareAnAddress) {
    const std::string any = "[[http.listen]]\naddress = \"127.0.0.1:0\"\n";
    EXPECT_EQ(parse(any + any, "test.toml").http.listen.size(), 2u);
    EXPECT_TRUE(mentions(
        errors_of("[[http.listen]]\naddress = \"[::1]:80\"\n[[http.listen]]\naddress = \"[0::1]:80\"\n"),
        "'[::1]:80' is there already, in line 2"));
}

TEST(Config, TablesMayBeWrittenWithDotsAndInBraces) {
    const Config config = parse("netlink.audit_interval = \"1 h\"\nlog = { level = \"off\" }\n", "test.toml");
    EXPECT_EQ(config.netlink.audit_interval, 1h);
    EXPECT_EQ(config.log.level.overall, LogLevel::off);
}

TEST(Config, TagsHaveBounds) {
    std::string many = "[tags]\n";
    for (int i = 0; i < 33; ++i) many += "tag" + std::to_string(i) + " = \"\"\n";
    EXPECT_TRUE(
        mentions(errors_of(many), "test.toml:1:1: error: [tags]: 33 tags, where at most 32 are taken"));
    EXPECT_TRUE(mentions(errors_of("tags.site = \"" + std::string(257, 'x') + "\""), "at most 256 bytes"));
    EXPECT_TRUE(mentions(errors_of("tags.\"\" = \"x\""), "1 to 64 bytes"));
    EXPECT_EQ(errors_of("tags.site = \"" + std::string(256, 'x') + "\""), "");
}

TEST(Config, ASocketsFolderIsAsLongAsSocketsMayBe) {
    EXPECT_EQ(errors_of("runtime.dir = \"/" + std::string(93, 'x') + "\""), "");
    EXPECT_TRUE(mentions(errors_of("runtime.dir = \"/" + std::string(94, 'x') + "\""), "at most 94 fit"));
}

TEST(Config, ErrorsStandInTheOrderOfLines) {
    const std::string errors =
        errors_of("[stream]\nmax_clients = 0\n[nothing]\n[netlink]\naudit_interval = 1\n");
    const std::size_t first = errors.find("test.toml:2:"), second = errors.find("test.toml:3:"),
                      third = errors.find("test.toml:5:");
    EXPECT_TRUE(first < second && second < third && third != std::string::npos) << errors;
}

TEST(Config, AByteOrderMarkAndCarriageReturnsChangeNoPlace) {
    EXPECT_EQ(parse("\xef\xbb\xbf[log]\r\nlevel = \"off\"\r\n", "x").log.level.overall, LogLevel::off);
    EXPECT_EQ(errors_of("\xef\xbb\xbflevle = 1\r\nx = 3\r\n").substr(0, 15), "test.toml:1:1: ");
    EXPECT_TRUE(mentions(errors_of("[log]\r\nlevel = \"oof\"\r\n"), "\n  level = \"oof\"\n          ^~~~~"));
}

TEST(Config, EveryTruncationOfAFileIsTakenOrRefusedInWords) {
    const std::string whole =
        "[log]\nlevel = 'info'\n[[http.listen]]\naddress = \"127.0.0.1:0\"\nroutes = [\"metrics\",\n "
        "\"health\"]\n"
        "[[sink]]\nname = \"log\"\ntype = \"log\"\nfilter = { kind = [\"link\"] } # é\n[tags]\n\"a.b\" = "
        "\"\"\"x\n\"\"\"\n";
    EXPECT_EQ(errors_of(whole), "");
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const std::string errors = errors_of(whole.substr(0, size));
        EXPECT_TRUE(errors.empty() || errors.starts_with("test.toml:")) << errors;
    }
}

TEST(Config, AKeyOfAHundredThousandPartsIsRefused) {
    std::string deep = "a";
    for (int i = 0; i < 100'000; ++i) deep += ".a";
    EXPECT_TRUE(mentions(errors_of(deep + " = 1"), "too many dots in a key"));
    EXPECT_TRUE(mentions(errors_of("[" + deep + "]"), "too many dots in a key"));
    EXPECT_EQ(errors_of("# " + std::string(1'000, '.') + "\ntags.x = \"" + std::string(200, '.') + "\"\n"),
              "");
}
