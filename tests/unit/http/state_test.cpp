// /v1/state: the table as of one record, slice by slice.
#include <nlohmann/json.hpp>

#include "http/state_document.hpp"
#include "http_world.hpp"

namespace nlwatch::http {
namespace {

using nlohmann::json;
using test::Fold;
using test::HttpWorld;
using test::RawClient;
using test::Reply;
using test::request;

test::Objects objects_in(const std::string& document) {
    test::Objects objects;
    const json parsed = json::parse(document);
    for (const auto& [key, object] : parsed.at("objects").items()) objects[key] = object.dump();
    return objects;
}

struct StateTest : HttpWorld {
    explicit StateTest(record::Scope published = {}) : HttpWorld(1 << 20, std::move(published)) {}
    void many(std::uint32_t links) {
        for (std::uint32_t i = 10; i < 10 + links; ++i) world.link(i, "port" + std::to_string(i));
    }
};
struct PublishedState : StateTest {
    PublishedState() : StateTest(test::interfaces({"!lo"})) {}
};

TEST_F(StateTest, IsTheTableAsOfOneRecord) {
    serve();
    churn(3);
    const Reply reply = get("/v1/state");
    EXPECT_EQ(reply.field("content-type"), "application/json");
    EXPECT_TRUE(
        reply.body.starts_with("{\"schema\":1,\"run\":\"4f1c2a9be07d4c55\",\"seq\":3,\"settled\":true,"
                               "\"netns\":4097,\"objects\":{\"link/4097/1\":{"));
    EXPECT_TRUE(reply.body.ends_with("}}\n"));
    EXPECT_EQ(objects_in(reply.body), test::objects_of(world, {}));
    world.backlog.set_settled(false);
    EXPECT_EQ(json::parse(get("/v1/state").body).at("settled"), false);
}

TEST_F(StateTest, IsByteForByteWhatAViewHolds) {
    serve();
    world.link(3, "eth\"<script>\xff\x1b");
    const std::string document = get("/v1/state").body;
    backlog::Feed feed(world.backlog, backlog::Request{});
    int rows = 0;
    for (const test::Line& line : test::all(feed, world)) {
        const std::size_t object = line.text.find("\"object\":");
        if (object == std::string::npos) continue;
        const std::string bytes = line.text.substr(object + 9, line.text.size() - object - 9 - 2);
        EXPECT_NE(document.find("\"" + *test::member(line.text, "key") + "\":" + bytes), std::string::npos)
            << line.text;
        ++rows;
    }
    EXPECT_EQ(rows, 4);
}

TEST_F(StateTest, TakesScopes) {
    serve();
    EXPECT_EQ(objects_in(get("/v1/state?kind=link").body), test::objects_of(world, {test::kinds({"link"})}));
    EXPECT_EQ(objects_in(get("/v1/state?interface=eth*").body),
              test::objects_of(world, {test::interfaces({"eth*"})}));
    EXPECT_TRUE(objects_in(get("/v1/state?interface=nothing").body).empty());
}

TEST_F(PublishedState, IsUnderThePublishedScope) {
    serve();
    EXPECT_FALSE(objects_in(get("/v1/state").body).contains("link/4097/1"));
    EXPECT_EQ(objects_in(get("/v1/state").body), test::objects_of(world, {}));
    EXPECT_TRUE(objects_in(get("/v1/state?interface=lo").body).empty());
    world.backlog.reload({}, world.now());
    EXPECT_TRUE(objects_in(get("/v1/state").body).contains("link/4097/1"));
}

TEST_F(StateTest, ThenEventsSinceItFoldToTheState) {
    serve();
    for (int round = 0; round < 50; ++round) {
        RawClient client(path);
        client.send(request("/v1/state"));
        std::optional<Reply> state;
        ASSERT_TRUE(until([&] {  // the network changes while it is read
            world.link(static_cast<std::uint32_t>(20 + round), "eth" + std::to_string(20 + round));
            if (round % 2) world.remove_link(static_cast<std::uint32_t>(20 + round));
            churn(2);
            client.read(3000);
            state = client.take_reply();
            return state.has_value();
        }));
        const json document = json::parse(state->body);
        test::Objects held = objects_in(state->body);
        const record::Position from{test::run, document.at("seq")};
        churn(3);
        client.send(request("/v1/events?since=" + record::to_string(from) +
                            "&limit=" + std::to_string(world.backlog.head() - from.seq)));
        for (const test::Line& line : test::view_lines(answer(client).body)) {
            if (line.type == "hello") continue;
            ASSERT_NE(line.type, "gap");
            const json record = json::parse(line.text);
            if (line.type.ends_with(".removed"))
                held.erase(record.at("key"));
            else
                held[record.at("key")] = record.at("object").dump();
        }
        ASSERT_EQ(held, test::objects_of(world, {})) << "in round " << round;
    }
}

TEST_F(StateTest, ASliceIsBoundedInRowsAndBytes) {
    many(5000);
    StateDocument all(world.backlog, {}, world.now().monotonic);
    std::string document;
    std::size_t slices = 0;
    for (bool more = true; more; ++slices) {
        std::string slice;
        more = all.next(slice);
        EXPECT_LT(slice.size(), StateDocument::slice_bytes + 4096);
        document += slice;
    }
    EXPECT_GE(slices, 5003 / StateDocument::slice_rows);
    EXPECT_EQ(objects_in(document).size(), 5003u);

    // A filter that hides every row looks at no more of them in one turn.
    StateDocument none(world.backlog, test::scoped(test::interfaces({"nothing"})).filter,
                       world.now().monotonic);
    std::string slice;
    slices = 1;
    for (; none.next(slice); ++slices) EXPECT_LT(slice.size(), 200u);
    EXPECT_EQ(slices, (5003 + StateDocument::slice_rows - 1) / StateDocument::slice_rows);
}

TEST_F(StateTest, IsExactWhateverChangesMeanwhile) {
    many(3000);
    const test::Objects before = test::objects_of(world, {});
    StateDocument document(world.backlog, {}, world.now().monotonic);
    const std::uint64_t seq = world.backlog.head();
    std::string text;
    for (bool more = true; more;) {
        more = document.next(text);
        for (std::uint32_t i = 10; i < 3010; i += 7) world.remove_link(i);
        many(1000);
        churn(20);
    }
    EXPECT_EQ(objects_in(text), before);
    EXPECT_EQ(json::parse(text).at("seq"), seq);
}

// Ten thousand links and a hundred thousand addresses are asked for at once by ten clients.
TEST_F(StateTest, OfALargeNetworkLeavesEveryoneTheirTurns) {
    for (std::uint32_t i = 10; i < 10'010; ++i) {
        world.link(i, "p" + std::to_string(i));
        for (std::uint8_t host = 1; host <= 10; ++host) world.address(i, host);
    }
    serve();
    std::vector<RawClient> clients;
    for (int i = 0; i < 3; ++i) {
        clients.emplace_back(path);
        clients.back().send(request("/v1/state"));
    }
    // What one turn of the reactor sends is what arrives between two of them.
    std::size_t most = 0, turns = 0, whole = 0;
    std::vector<std::size_t> sizes(clients.size());
    std::vector<bool> done(clients.size());
    while (whole < clients.size() && turns < 10'000'000) {
        reactor.restart();
        reactor.run_one_for(std::chrono::milliseconds{5});
        ++turns;
        std::size_t came = 0;
        for (std::size_t i = 0; i < clients.size(); ++i) {
            if (done[i]) continue;
            const std::size_t before = clients[i].text.size();
            clients[i].read();
            came += clients[i].text.size() - before;
            done[i] = clients[i].text.ends_with("0\r\n\r\n");
            whole += done[i];
        }
        most = std::max(most, came);
    }
    ASSERT_EQ(whole, clients.size());
    EXPECT_LE(most, StateDocument::slice_bytes + 4096);
    EXPECT_GT(turns, clients.front().text.size() / (StateDocument::slice_bytes + 4096));
    const Reply reply = *clients.front().reply();
    for (const std::size_t chunk : reply.chunks) EXPECT_LE(chunk, StateDocument::slice_bytes + 1024);
    EXPECT_EQ(json::parse(reply.body).at("objects").size(), 110'003u);
}

}  // namespace
}  // namespace nlwatch::http
