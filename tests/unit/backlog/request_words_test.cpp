#include "backlog/request_words.hpp"

#include <gtest/gtest.h>

namespace nlwatch::backlog {
namespace {

std::string wrong(const RequestWords& words) {
    const auto read = read_request(words);
    const auto* text = std::get_if<std::string>(&read);
    return text ? *text : "nothing";
}

RequestWords kinds(std::vector<std::string> globs) {
    RequestWords words;
    words.kinds = std::move(globs);
    return words;
}

RequestWords since(std::string text) {
    RequestWords words;
    words.since = std::move(text);
    return words;
}

TEST(RequestWords, NoneAskForEverything) {
    const auto request = std::get<Request>(read_request({}));
    EXPECT_TRUE(request.filter.scopes.empty());
    EXPECT_TRUE(request.view());
    EXPECT_EQ(request.since, std::nullopt);
}

TEST(RequestWords, AreRead) {
    RequestWords words = since("4f1c2a9be07d4c55:12");
    words.interfaces = {"eth*", "!eth9"};
    words.types = {"link.*"};
    words.transitions = {"state_up", "usable"};
    words.limit = 3;
    const auto request = std::get<Request>(read_request(words));
    ASSERT_EQ(request.filter.scopes.size(), 1u);
    EXPECT_EQ(request.filter.scopes[0].interfaces.patterns(), words.interfaces);
    EXPECT_EQ(request.filter.types.patterns(), words.types);
    EXPECT_EQ(request.filter.transitions, record::transition::state_up | record::transition::usable);
    EXPECT_EQ(request.since, (record::Position{0x4f1c2a9be07d4c55, 12}));
    EXPECT_EQ(request.limit, 3u);
}

TEST(RequestWords, AnUnknownTransitionIsRefusedWithTheNearest) {
    RequestWords words;
    words.transitions = {"state_up", "state_donw"};
    EXPECT_TRUE(wrong(words).starts_with("unknown transition 'state_donw' (did you mean 'state_down'?)"));
    words.transitions = {"xyzzy"};
    EXPECT_TRUE(wrong(words).starts_with("unknown transition 'xyzzy'; there are: admin_up"));
    words.transitions = {"\x1b[2J\xff"};
    EXPECT_TRUE(wrong(words).starts_with("unknown transition '\\x1b[2J\\xff';")) << wrong(words);
}

TEST(RequestWords, ManyPatternsAreRefused) {
    RequestWords words;
    words.types = std::vector<std::string>(64, "*");
    EXPECT_EQ(wrong(words), "nothing");
    words.types.emplace_back("*");
    EXPECT_EQ(wrong(words),
              "type: 65 patterns are more than the 64 that a reader may have; say it with wildcards");
    words.types = {"*"};
    words.interfaces = std::vector<std::string>(2'300, "*");
    EXPECT_TRUE(wrong(words).starts_with("interface: 2300 patterns are more"));
}

TEST(RequestWords, APlainWordThatIsNoKindIsASlip) {
    EXPECT_EQ(wrong(kinds({"links"})),
              "unknown kind 'links' (did you mean 'link'?); there are: link address");
    EXPECT_TRUE(wrong(kinds({"link", "!adress"})).starts_with("unknown kind 'adress'"));
    EXPECT_EQ(wrong(kinds({"link", "!address"})), "nothing");
    EXPECT_EQ(wrong(kinds({"route*", "[ab]*"})), "nothing") << "a glob may match nothing yet";
}

TEST(RequestWords, SinceIsAPositionAndNothingElse) {
    for (const char* text : {"", "12", "4f1c2a9be07d4c55", "4f1c2a9be07d4c55:", "4f1c2a9be07d4c55:-1",
                             "4f1c2a9be07d4c5:1", "4f1c2a9be07d4c55:1 "})
        EXPECT_TRUE(wrong(since(text)).starts_with("since '" + std::string(text) + "' is not a position"));
    EXPECT_EQ(wrong(since("4f1c2a9be07d4c55:0")), "nothing");
}

}  // namespace
}  // namespace nlwatch::backlog
