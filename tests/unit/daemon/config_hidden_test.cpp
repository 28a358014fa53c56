// No error shows what may be a secret, whatever is wrong with the file. What is not to be seen is "hunter2".
#include "config/hidden.hpp"

#include <gtest/gtest.h>

#include "config/load.hpp"

using namespace nlwatch::config;

namespace {

std::string errors_of(const std::string& source) {
    try {
        parse(source, "f", true);
        return "";
    } catch (const ConfigError& error) {
        return error.errors;
    }
}

// Of one error, the source line and the marks below it.
std::string excerpt(const std::string& source) {
    const std::string errors = errors_of(source);
    return errors.substr(errors.find('\n') + 1);
}

const std::string webhook = "[[sink]]\nname = \"a\"\ntype = \"webhook\"\n";
const std::string good = "url = \"https://x\"\n";

}  // namespace

TEST(Hidden, IsTheValueAndNotTheKey) {
    EXPECT_EQ(excerpt(webhook + "url = \"https://u:hunter2@x/\" # a comment"),
              "  url = … # a comment\n        ^");
    EXPECT_EQ(excerpt(webhook + good + "headers = { A = \"hunter2\\n\", B = \"hunter2\" }"),
              "  headers = { A = …, B = … }\n                  ^");
    EXPECT_EQ(
        excerpt(webhook + good + "auth = { user = \"me\", password = \"hunter2\", credential = \"x\" }"),
        "  auth = { user = …, password = …, credential = … }\n                     ^~~~~~~~");
    EXPECT_EQ(excerpt(webhook + "url = \"\"\"\nhttps://hunter2 \"\"\""), "  url = …\n        ^");
}

TEST(Hidden, IsWhatStandsBesideTheError) {
    EXPECT_EQ(
        excerpt("sink = [{ name = \"a\", type = \"webhook\", url = \"https://hunter2/\", fil = 1 }]"),
        "  sink = [{ name = \"a\", type = \"webhook\", url = …, fil = … }]\n" + std::string(51, ' ') + "^~~");
}

TEST(Hidden, AreSecretsWhereverTheyStand) {
    for (const std::string& source : {
             std::string{"url = \"https://hunter2\""},
             std::string{"token = \"hunter2\""},
             std::string{"[stream]\nurl = \"hunter2\""},
             std::string{"[webhook]\nurl = \"hunter2\""},
             std::string{"webhook = { url = \"hunter2\", more = [{ key = \"hunter2\" }] }"},
             std::string{"sink = { name = \"a\", url = \"hunter2\" }"},
             std::string{"sink = [{ name = \"a\", url = \"hunter2\" }, 5]"},
             std::string{"sink = \"https://hunter2\""},
             std::string{"sink = [{ name = \"a\", type = \"nats\", token = \"hunter2\" }]"},
             std::string{"sink = [{ name = \"a\", token = \"hunter2\" }]"},
             std::string{"sink = [{ name = \"a\", type = \"log\", url = \"hunter2\" }]"},
             webhook + "secret = \"hunter2\"",
             webhook + good + "credential = \"hunter2 \"",
             webhook + good + "credential = 'whsec_hunter2'",
             webhook + good + "secret_file = \"hunter2\"",
             webhook + good + "proxy = \"http://u:hunter2@x\"",
             webhook + good + "proxy = [\"hunter2\"]",
             webhook + good + "auth = \"Bearer hunter2\"",
             webhook + good + "tls = { key = \"hunter2\" }",
             webhook + good + "headers.Authorization = \"hunter2\"",
             webhook + good + "[sink.headers]\nAuthorization = \"hunter2\"",
             webhook + good + "headers = [\"A: hunter2\"]",
             webhook + good + "headers = \"A: hunter2\"",
         }) {
        const std::string errors = errors_of(source);
        EXPECT_NE(errors, "") << source;
        EXPECT_EQ(errors.find("hunter2"), std::string::npos) << source << '\n' << errors;
    }
}

TEST(Hidden, IsWhatCannotBeReadAndIsNoValueOfAKnownKey) {
    EXPECT_EQ(errors_of(webhook + "url = https://u:hunter2@x/?y=z"),
              "f:4:7: error: strings stand in quotes\n  url = …\n        ^");
    EXPECT_EQ(errors_of(webhook + "credential = hunter2"),
              "f:4:14: error: strings stand in quotes\n  credential = …\n               ^");
    EXPECT_EQ(excerpt(webhook + "token = \"hunter2"), "  token = …\n          ^");
    EXPECT_EQ(excerpt(webhook + "url \"https://hunter2\""), "  …\n  ^");
    EXPECT_EQ(excerpt(webhook + good + "[sink.headers]\n\"X-Token\" = \"hunter2"), "  …\n  ^");
}

TEST(Hidden, IsNothingElse) {
    EXPECT_EQ(excerpt("[log]\nlevel = \"info"), "  level = \"info\n               ^");
    EXPECT_EQ(excerpt(webhook + "filter.kind = [\n  \"link\" \"address\"\n]"),
              "    \"link\" \"address\"\n           ^");
    EXPECT_EQ(excerpt("; all of it"), "  ; all of it\n  ^");
    EXPECT_EQ(excerpt("[[sink]\nname = \"a\""), "  [[sink]\n         ^");
    EXPECT_EQ(excerpt("[tags]\nsite = fra1"), "  site = fra1\n         ^~~~");
    EXPECT_EQ(excerpt("[stream]\nreceive_buffer = \"1 MiB\""),
              "  receive_buffer = \"1 MiB\"\n  ^~~~~~~~~~~~~~");
}

// Each way in which one byte of a good file may be missing, or be another.
TEST(Hidden, StaysSoWhateverByteIsWrong) {
    const std::string whole = R"([log]
level = "info"
[[sink]]
name = "ops"
type = "webhook"
url = "https://example.org/hook?token=hunter2"
headers = { X-Token = "hunter2", "X-Other" = 'hunter2' }
filter = { kind = [ "link" ] }
batch = 3
[[sink]]
type = "webhook"
name = "more"
url = """
https://example.org/hunter2"""
headers.X-Token = "hunter2"
[stream]
max_clients = 3
)";
    ASSERT_EQ(errors_of(whole), "");
    std::size_t refused = 0;
    const auto look = [&](const std::string& damaged) {
        const std::string errors = errors_of(damaged);
        refused += !errors.empty();
        EXPECT_EQ(errors.find("hunter2"), std::string::npos) << damaged << '\n' << errors;
    };
    for (std::size_t at = 0; at < whole.size(); ++at) {
        look(whole.substr(0, at));
        std::string damaged = whole;
        look(damaged.erase(at, 1));
        for (const char byte : {'"', '\'', '=', '[', '{', '}', '#', '\n', ' ', 'x', '.', '\x01', '\xff'}) {
            damaged = whole;
            damaged[at] = byte;
            look(damaged);
            damaged.insert(at, 1, whole[at]);
            look(damaged);
        }
    }
    EXPECT_GT(refused, 3'000u);
}

TEST(Hidden, AreColumnsThatOverlapOrGoOverLines) {
    const std::string_view source = "a = 12345\nb = 67890\nc = 1";
    Diagnostics diagnostics{source, "f"};
    diagnostics.hide({{1, 5}, {1, 7}});
    diagnostics.hide({{1, 6}, {1, 9}});
    diagnostics.hide({{2, 7}, {3, 5}});
    diagnostics.error({{1, 9}, {1, 10}}, "x");
    diagnostics.error({{2, 5}, {2, 9}}, "x");
    diagnostics.error({{3, 5}, {3, 6}}, "x");
    EXPECT_EQ(
        diagnostics.text(),
        "f:1:9: error: x\n  a = ……5\n        ^\nf:2:5: error: x\n  b = 67…\n      ^~~\nf:3:5: error: x\n  "
        "…1\n   ^");
}
