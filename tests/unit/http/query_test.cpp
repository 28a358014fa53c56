#include "http/query.hpp"

#include <gtest/gtest.h>

namespace nlwatch::http {
namespace {

Target target(const std::string& query, const std::string& path = "/v1/events") {
    return std::get<Target>(parse_target(path + "?" + query));
}

backlog::Request events(const std::string& query, std::string_view last_event_id = "") {
    const auto request = events_request(target(query), last_event_id);
    const auto* why = std::get_if<std::string>(&request);
    EXPECT_EQ(why, nullptr) << query << ": " << *why;
    return why ? backlog::Request() : std::get<backlog::Request>(request);
}

std::string wrong(const std::string& query, std::string_view last_event_id = "") {
    const auto request = events_request(target(query), last_event_id);
    const auto* why = std::get_if<std::string>(&request);
    return why ? *why : "nothing";
}

TEST(EventsQuery, ReadsEveryWord) {
    const backlog::Request request = events(
        "kind=link&interface=eth*&interface=!eth9&link_kind=none&type=link.*&transition=state_up&since="
        "4f1c2a9be07d4c55:7"
        "&snapshot=0&limit=3");
    ASSERT_EQ(request.filter.scopes.size(), 1u);
    EXPECT_EQ(request.filter.scopes[0].interfaces.patterns(), (std::vector<std::string>{"eth*", "!eth9"}));
    EXPECT_EQ(request.filter.scopes[0].link_kinds.patterns(), std::vector<std::string>{"none"});
    EXPECT_EQ(request.filter.types.patterns(), std::vector<std::string>{"link.*"});
    EXPECT_EQ(request.filter.transitions, record::transition::state_up);
    EXPECT_EQ(request.since, (record::Position{0x4f1c2a9be07d4c55, 7}));
    EXPECT_EQ(request.snapshot, false);
    EXPECT_EQ(request.limit, 3u);
    EXPECT_TRUE(events("").filter.scopes.empty());
}

TEST(EventsQuery, AnUnknownWordIsNamedWithTheNearest) {
    EXPECT_TRUE(wrong("interfaec=eth0")
                    .starts_with("unknown word 'interfaec' in the query of /v1/events (did you mean "
                                 "'interface'?); there are: kind"));
    EXPECT_TRUE(
        wrong("xyzzyx=1").starts_with("unknown word 'xyzzyx' in the query of /v1/events; there are:"));
    EXPECT_TRUE(wrong("%1b[2J=1").starts_with("unknown word '\\x1b[2J'"));
    EXPECT_LT(wrong(std::string(10'000, 'x') + "=1").size(), 400u);
    EXPECT_TRUE(wrong("transition=state_donw").find("did you mean 'state_down'?") != std::string::npos);
    EXPECT_TRUE(wrong("kind=lnik").find("did you mean 'link'?") != std::string::npos);
}

TEST(EventsQuery, AWordThatIsOneCannotBeTwo) {
    EXPECT_EQ(wrong("since=4f1c2a9be07d4c55:1&since=4f1c2a9be07d4c55:2"), "since can be said once only");
    EXPECT_EQ(wrong("snapshot=1&snapshot=1"), "snapshot can be said once only");
    EXPECT_EQ(wrong("limit=1&limit=2"), "limit can be said once only");
}

TEST(EventsQuery, ValuesAreWhatTheyMustBe) {
    EXPECT_EQ(wrong("snapshot=yes"), "snapshot=yes is not 0 or 1");
    EXPECT_EQ(wrong("snapshot="), "snapshot= is not 0 or 1");
    for (const char* value : {"", "-1", "1x", "99999999999999999999999"})
        EXPECT_EQ(wrong("limit=" + std::string(value)),
                  "limit=" + std::string(value) + " is not a number of records");
    EXPECT_TRUE(wrong("since=yesterday").starts_with("since 'yesterday' is not a position"));
    EXPECT_TRUE(wrong("", "yesterday").starts_with("since 'yesterday' is not a position"));
}

TEST(EventsQuery, TheLastEventIdWins) {
    const backlog::Request request = events("since=4f1c2a9be07d4c55:1&type=link.*", "4f1c2a9be07d4c55:9");
    EXPECT_EQ(request.since, (record::Position{0x4f1c2a9be07d4c55, 9}));
    EXPECT_FALSE(request.filter.foldable());
    EXPECT_EQ(events("snapshot=1", "4f1c2a9be07d4c55:9").snapshot, std::nullopt)
        << "since and snapshot=1 exclude each other";
    EXPECT_EQ(events("snapshot=0", "4f1c2a9be07d4c55:9").snapshot, false) << "it stays what it was";
    EXPECT_EQ(wrong("since=yesterday", "4f1c2a9be07d4c55:9"), "nothing") << "what it says is overridden";
}

TEST(StateQuery, TakesScopesOnly) {
    const auto filter = state_request(target("kind=link&interface=eth*", "/v1/state"));
    EXPECT_EQ(std::get<record::Filter>(filter).scopes.size(), 1u);
    const auto refused = state_request(target("since=4f1c2a9be07d4c55:1", "/v1/state"));
    EXPECT_TRUE(std::get<std::string>(refused).starts_with("unknown word 'since' in the query of /v1/state"));
}

TEST(Accept, ServerSentEventsAreAskedForByName) {
    for (const char* accept : {"text/event-stream", "text/event-stream;q=0.5", "*/*, Text/Event-Stream",
                               "text/html ,\ttext/event-stream; q=1", "text/event-stream;q=0.001"})
        EXPECT_TRUE(accepts_sse(accept)) << accept;
    for (const char* accept :
         {"", "*/*", "text/*", "application/x-ndjson", "text/event-stream;q=0", "text/event-stream; q=0.000",
          "text/event-streams", ",,;", "x;y=text/event-stream"})
        EXPECT_FALSE(accepts_sse(accept)) << accept;
}

}  // namespace
}  // namespace nlwatch::http
