#include <gtest/gtest.h>

#include "config/load.hpp"

using namespace nlwatch::config;
using namespace std::chrono_literals;
namespace record = nlwatch::record;

namespace {

const std::string log = "type = \"log\"\n";
const std::string listener = "type = \"socket\"\naddress = \"/run/x\"\n";
const std::string webhook = "type = \"webhook\"\nurl = \"https://example.org/hook\"\n";
const std::string edges = "filter = { transition = [\"state_down\"] }\n";

std::string table(const std::string& keys) { return "[[sink]]\nname = \"log\"\n" + keys; }

Sink sink(const std::string& keys) { return parse(table(keys), "test.toml", true).sinks.at(0); }

std::string errors_of(const std::string& keys, bool webhooks = true) {
    try {
        parse(table(keys), "test.toml", webhooks);
        return "";
    } catch (const ConfigError& error) {
        return error.errors;
    }
}

// "" if `keys` are refused for one reason, which says `part`; else what is told.
std::string refusal_without(const std::string& keys, const std::string& part) {
    const std::string errors = errors_of(keys);
    const std::size_t first = errors.find(": error: "), second = errors.find(": error: ", first + 1);
    const bool one = first != std::string::npos && second == std::string::npos;
    return one && errors.find(part) != std::string::npos ? "" : "is told:\n" + errors;
}

}  // namespace

TEST(ConfigSink, OfTypeSocketTakesEveryKey) {
    const Sink taken = sink(R"(type = "socket"
address = "[::1]:9000"
filter = { kind = ["link"] }
on_start = "snapshot"
after_gap = "continue"
)");
    EXPECT_EQ(taken.type, Sink::Type::socket);
    EXPECT_EQ(taken.address, (Endpoint{"", "::1", 9000}));
    EXPECT_EQ(taken.on_start, Sink::OnStart::snapshot);
    EXPECT_EQ(taken.after_gap, Sink::AfterGap::proceed);
}

TEST(ConfigSink, OfTypeWebhookTakesEveryKey) {
    const Sink taken = sink(R"(type = "webhook"
url = "http://example.org:8080/hook?x=y"
credential = "ops.key-1_2"
format = "native"
batch = 1000
type_prefix = "org.example."
headers = { X-Site = "fra1", "x.y" = "a b" }
auth = { user = "me", secret_file = "/etc/password" }
proxy = "socks5://127.0.0.1:1080"
connect_timeout = "1 s"
timeout = "1 s"
max_age = "1 s"
filter = { transition = ["state_down"] }
down_delay = "5 s"
up_delay = "250 ms"
on_start = "none"
after_gap = "continue"
)");
    EXPECT_EQ(taken.type, Sink::Type::webhook);
    EXPECT_EQ(taken.url, "http://example.org:8080/hook?x=y");
    EXPECT_EQ(taken.secret, (Secret{"ops.key-1_2", std::nullopt}));
    EXPECT_EQ(taken.format, Sink::Format::native);
    EXPECT_EQ(taken.batch, 1000u);
    EXPECT_EQ(taken.type_prefix, "org.example.");
    EXPECT_EQ(taken.headers, (std::map<std::string, std::string>{{"X-Site", "fra1"}, {"x.y", "a b"}}));
    EXPECT_EQ(taken.auth, (Sink::Auth{"me", {std::nullopt, "/etc/password"}}));
    EXPECT_EQ(taken.proxy, "socks5://127.0.0.1:1080");
    EXPECT_EQ(taken.connect_timeout, 1s);
    EXPECT_EQ(taken.timeout, 1s);
    EXPECT_EQ(taken.max_age, 1s);
    EXPECT_EQ(taken.down_delay, 5s);
    EXPECT_EQ(taken.up_delay, 250ms);
    const Sink tls = sink(webhook +
                          "tls = { ca_file = \"/ca\", certificate_file = \"/crt\", credential = \"key\" }\n"
                          "auth = { credential = \"token\" }\nsecret_file = \"/secret\"\n");
    EXPECT_EQ(tls.tls, (Sink::Tls{"/ca", "/crt", {"key", std::nullopt}}));
    EXPECT_EQ(tls.auth, (Sink::Auth{std::nullopt, {"token", std::nullopt}}));
    EXPECT_EQ(tls.secret, (Secret{std::nullopt, "/secret"}));
    EXPECT_TRUE(tls.secret.said() && tls.auth.secret.said() && tls.tls.key.said());
}

TEST(ConfigSink, HasTheDefaultsOfItsType) {
    EXPECT_EQ(sink(log), Sink{});
    Sink expected;
    expected.type = Sink::Type::socket;
    expected.filter = {};
    expected.address.path = "/run/x";
    expected.after_gap = Sink::AfterGap::snapshot;
    EXPECT_EQ(sink(listener), expected);
    expected = {};
    expected.type = Sink::Type::webhook;
    expected.filter = {};
    expected.format = Sink::Format::cloudevents;
    expected.url = "https://example.org/hook";
    expected.after_gap = Sink::AfterGap::snapshot;
    EXPECT_EQ(sink(webhook), expected);
    EXPECT_EQ(expected.timeout, 15s);
    EXPECT_EQ(expected.connect_timeout, 5s);
    EXPECT_EQ(expected.max_age, 24h);
    EXPECT_EQ(expected.type_prefix, "nlwatch.");
    EXPECT_FALSE(expected.secret.said() || expected.auth.secret.said() || expected.tls.key.said());
}

TEST(ConfigSink, GetsTheStateAfterAGapIfItCanFold) {
    EXPECT_EQ(sink(webhook).after_gap, Sink::AfterGap::snapshot);
    EXPECT_EQ(sink(webhook + "filter = { kind = [\"link\"] }").after_gap, Sink::AfterGap::snapshot);
    EXPECT_EQ(sink(webhook + edges).after_gap, Sink::AfterGap::proceed);
    EXPECT_EQ(sink(listener + "filter = { type = [\"link.*\"] }").after_gap, Sink::AfterGap::proceed);
}

TEST(ConfigSink, KeysOfAnotherTypeAreToldApart) {
    const std::pair<std::string, std::string> foreign[] = {
        {webhook + "file = \"/x\"", "'file' in [[sink]]: a key of log sinks; this is a webhook"},
        {webhook + "file = 3", "a key of log sinks"},
        {log + "address = \"/x\"", "a key of socket sinks; this is a log sink"},
        {log + "url = \"x\"", "a key of webhooks; this is a log sink"},
        {log + "credential = \"x\"", "'credential' in [[sink]]: a key of webhooks"},
        {log + "secret_file = \"x\"", "'secret_file' in [[sink]]: a key of webhooks"},
        {log + "on_start = \"none\"", "a key of socket sinks and webhooks"},
        {log + "after_gap = \"continue\"", "a key of socket sinks and webhooks"},
        {listener + "format = \"json\"", "a key of log sinks and webhooks; this is a socket sink"},
        {listener + "batch = 2", "a key of webhooks"},
        {listener + "auth = {}", "a key of webhooks"},
        {listener + "tls = {}", "a key of webhooks"},
        {listener + "headers = {}", "a key of webhooks"},
        {listener + "proxy = \"\"", "a key of webhooks"},
        {listener + "type_prefix = \"\"", "a key of webhooks"},
        {listener + "connect_timeout = \"1 s\"", "a key of webhooks"},
        {listener + "timeout = \"1 s\"", "a key of webhooks"},
        {listener + "max_age = \"1 s\"", "a key of webhooks"},
    };
    for (const auto& [keys, part] : foreign) EXPECT_EQ(refusal_without(keys, part), "") << keys;
}

TEST(ConfigSink, WhatIsWrongIsToldOnce) {
    const std::string credentials = "credential = \"a\", secret_file = \"/b\"";
    const std::pair<std::string, std::string> slips[] = {
        {"type = \"webhok\"\ntoken = 1", "unknown sink type 'webhok' (did you mean 'webhook'?)"},
        {"type = \"nats\"\nurl = \"nats://x\"\nsubject = \"x\"", "unknown sink type 'nats'; there are: log "},
        {listener + "token = \"x\"",
         "there are: name type filter down_delay up_delay address on_start after_gap\n"},
        {"", "the type is missing; there are: log socket webhook"},
        {"type = \"webhook\"", "the url is missing, such as: url = \"https://example.org/hook\""},
        {"type = \"socket\"", "the address is missing, such as: address = \"/run/vector.sock\""},
        {"type = \"webhook\"\nurl = 3", "must be a string; is an integer"},
        {"type = \"webhook\"\nurl = \"x\"", "must begin with \"https://\""},
        {"type = \"socket\"\naddress = \"x\"", "the port is missing"},
        {webhook + "format = \"json\"", "'json' is no format of webhooks; there are: cloudevents native"},
        {log + "format = \"native\"", "'native' is no format of log sinks; there are: text json"},
        {webhook + "format = \"nativ\"", "unknown format 'nativ' (did you mean 'native'?)"},
        {webhook + "credential = \"a/b\"", "must be a credential's name"},
        {webhook + "credential = \"..\"", "must be a credential's name"},
        {webhook + "credential = \"\"", "must be a credential's name"},
        {webhook + "credential = \"" + std::string(256, 'x') + "\"", "must be a credential's name"},
        {webhook + "credential = \"whsec_abc\"", "is the secret itself"},
        {webhook + "secret_file = \"b\"", "must be a path from the root on"},
        {webhook + "credential = \"a\"\nsecret_file = \"/b\"", "there is a credential already"},
        {webhook + "auth = { " + credentials + " }", "'secret_file' in [sink.auth]: there is a credential"},
        {webhook + "auth = {}", "[sink.auth]: the token or password is missing"},
        {webhook + "auth = { user = \"x\" }", "[sink.auth]: the token or password is missing"},
        {webhook + "auth = \"Bearer x\"", "must be a table, [sink.auth]"},
        {webhook + "auth = { user = \"a:b\", credential = \"x\" }", "a user's name, without ':'"},
        {webhook + "auth = { user = \"\", credential = \"x\" }", "a user's name"},
        {webhook + "auth = { user = \"a\\r\\n\", credential = \"x\" }", "a user's name"},
        {webhook + "auth = { password = \"x\", credential = \"x\" }",
         "unknown key 'password' in [sink.auth]"},
        {webhook + "tls = { certificate_file = \"/x\" }", "its key is missing"},
        {webhook + "tls = { credential = \"x\" }", "'credential' in [sink.tls]: is the key of a client"},
        {webhook + "tls = { secret_file = \"/x\" }", "'secret_file' in [sink.tls]: is the key of a client"},
        {webhook + "tls = { ca_file = \"x\" }", "must be a path from the root on"},
        {"type = \"webhook\"\nurl = \"http://x\"\ntls = { ca_file = \"/x\" }",
         "without TLS: write \"https://\""},
        {"type = \"webhook\"\nurl = \"http://x\"\nproxy = \"https://p\"\n"
         "tls = { certificate_file = \"/x\", credential = \"k\" }",
         "a client's certificate is for the receiver"},
        {webhook + "proxy = \"http://a:b@x\"", "neither a user nor a password"},
        {webhook + "headers = { \"a b\" = \"x\" }", "'a b' in [sink.headers]: is no header's name"},
        {webhook + "headers = { \"\" = \"x\" }", "is no header's name"},
        {webhook + "headers = { Content-type = \"x\" }", "the sink writes this header itself"},
        {webhook + "headers = { Webhook-Id = \"x\" }", "the sink writes this header itself"},
        {webhook + "headers = { authorization = \"x\" }", "goes into auth"},
        {webhook + "headers = { A = \"x\\r\\nB: y\" }", "no line break"},
        {webhook + "headers = { A = \"x\\u0000\" }", "no line break"},
        {webhook + "headers = { A = \" \" }", "must not be empty"},
        {webhook + "headers = { A = 1 }", "must be a string"},
        {webhook + "headers = { A = \"x\", a = \"y\" }", "is there already"},
        {webhook + "batch = 0", "must be from 1 to 1000"},
        {webhook + "batch = 1001", "must be from 1 to 1000"},
        {webhook + "type_prefix = \"a b\"", "must be ASCII without blanks"},
        {webhook + "type_prefix = \"é\"", "must be ASCII without blanks"},
        {webhook + "type_prefix = 'a\"'", "must be ASCII without blanks"},
        {webhook + "connect_timeout = \"0 s\"", "must be at least 1 ms"},
        {webhook + "timeout = \"0 s\"", "must be at least 1 ms"},
        {webhook + "max_age = \"999 ms\"", "must be at least 1 s"},
        {webhook + "timeout = \"4 s\"", "must not be shorter than connect_timeout (5 s, the default)"},
        {webhook + "connect_timeout = \"16 s\"", "must not be longer than timeout (15 s, the default)"},
        {webhook + "connect_timeout = \"3 s\"\ntimeout = \"2 s\"", "shorter than connect_timeout (3 s)"},
        {webhook + "on_start = \"all\"", "unknown word 'all'; there are: none snapshot"},
        {webhook + "after_gap = \"contine\"", "did you mean 'continue'?"},
        {webhook + edges + "on_start = \"snapshot\"", "'on_start' in [[sink]]: a filter with type or"},
        {webhook + edges + "after_gap = \"snapshot\"", "'after_gap' in [[sink]]: a filter with type or"},
        {listener + "filter = { type = [\"link.*\"] }\non_start = \"snapshot\"", "a filter with type or"},
        {webhook + "down_delay = \"1 s\"", "'down_delay' in [[sink]]: leaves changes out"},
        {log + "filter = {}\nup_delay = \"1 s\"", "'up_delay' in [[sink]]: leaves changes out"},
    };
    for (const auto& [keys, part] : slips) EXPECT_EQ(refusal_without(keys, part), "") << keys;
}

TEST(ConfigSink, MayLeaveOutagesOutWhereItGetsEvents) {
    EXPECT_EQ(sink(log + "down_delay = \"1 s\"").down_delay, 1s) << "the log's own filter has transitions";
    EXPECT_EQ(errors_of(webhook + "down_delay = \"0 s\""), "");
    EXPECT_EQ(errors_of(webhook + edges + "on_start = \"none\"\nafter_gap = \"continue\""), "");
    EXPECT_EQ(errors_of(webhook + "filter = { type = [\"link.*\"] }\nup_delay = \"1 s\""), "");
}

TEST(ConfigSink, TakesAuthoritiesWhereTheProxyAloneIsEncrypted) {
    EXPECT_EQ(errors_of("type = \"webhook\"\nurl = \"http://x\"\nproxy = \"https://p\"\n"
                        "tls = { ca_file = \"/x\" }"),
              "");
}

TEST(ConfigSink, HasABoundOfHeaders) {
    std::string headers = "\n[sink.headers]\n";
    for (int i = 0; i < 32; ++i) headers += "X-" + std::to_string(i) + " = \"x\"\n";
    EXPECT_EQ(sink(webhook + headers).headers.size(), 32u);
    EXPECT_EQ(refusal_without(webhook + headers + "X-32 = \"x\"", "33 headers, where at most 32"), "");
}

TEST(ConfigSink, OfAnotherBuildIsNoSlip) {
    const std::string errors = errors_of(webhook, false);
    EXPECT_EQ(
        errors,
        "test.toml:3:8: error: 'type' in [[sink]]: this build has no webhooks: it was built without libcurl "
        "and OpenSSL\n  type = \"webhook\"\n         ^~~~~~~~~");
    EXPECT_EQ(errors_of(listener, false), "");
    if (has_webhooks)
        EXPECT_NO_THROW(parse(table(webhook), "test.toml"));
    else
        EXPECT_THROW(parse(table(webhook), "test.toml"), ConfigError);
}
