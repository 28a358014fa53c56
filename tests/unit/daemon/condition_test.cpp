#include "client/condition.hpp"

#include <gtest/gtest.h>

using nlwatch::client::Condition;

namespace {

Condition condition(const std::string& text) {
    auto parsed = Condition::parse(text);
    EXPECT_TRUE(std::holds_alternative<Condition>(parsed)) << std::get<std::string>(parsed);
    return std::get<Condition>(std::move(parsed));
}

std::string refusal(const std::string& text) {
    const auto parsed = Condition::parse(text);
    const auto* wrong = std::get_if<std::string>(&parsed);
    return wrong ? *wrong : "it is taken";
}

// A daemon's side of the conversation.
struct Told {
    explicit Told(const std::string& text) : waited(condition(text)) {}

    void line(const std::string& type, const std::string& more = "") {
        auto read = nlwatch::record::read_record(R"({"schema":1,"run":"00000000000000aa","seq":1,"type":")" +
                                                 type + "\"" + more + "}");
        ASSERT_TRUE(std::holds_alternative<nlwatch::record::Record>(read)) << type << more;
        waited.read(std::get<nlwatch::record::Record>(read));
    }
    void snapshot() {
        line("snapshot.begin");
        line("snapshot.end", R"(,"settled":true)");
    }
    void link(const std::string& op, int ifindex, const std::string& name, const std::string& state) {
        const std::string index = std::to_string(ifindex);
        line("link." + op, R"(,"key":"link/7/)" + index + R"(","origin":"live","object":{"ifindex":)" +
                               index + R"(,"ifname":")" + name + R"(",)" + state + "}");
    }
    void address(const std::string& op, int ifindex, const std::string& local, const std::string& scope,
                 bool usable) {
        line("address." + op, R"(,"key":"address/7/)" + local + R"(","origin":"live","object":{"ifindex":)" +
                                  std::to_string(ifindex) + R"(,"ifname":"eth0","local":")" + local +
                                  R"(","prefixlen":24,"scope":")" + scope + R"(","usable":)" +
                                  (usable ? "true" : "false") + "}");
    }
    std::string fulfilled() const { return waited.fulfilled().value_or("no"); }

    Condition waited;
};

const std::string up = R"("state":"up","carrier":true)";
const std::string no_carrier = R"("state":"down","state_reason":"no_carrier","carrier":false)";
const std::string dormant = R"("state":"down","state_reason":"dormant","carrier":true)";

}  // namespace

TEST(Condition, SaysWhichWordIsWrongAndTheNearestRightOne) {
    EXPECT_NE(refusal("eth0 usible").find("did you mean 'usable'?"), std::string::npos);
    EXPECT_NE(refusal("eth0 frobnicated").find("there are: present gone up down carrier usable"),
              std::string::npos);
    EXPECT_NE(refusal("eth0").find("what should be true of 'eth0'?"), std::string::npos);
    EXPECT_NE(refusal("").find("'eth0 usable'"), std::string::npos);
    EXPECT_NE(refusal("   "), "it is taken");
    EXPECT_NE(refusal("eth0 gone up").find("stands alone"), std::string::npos);
    EXPECT_NE(refusal("eth0 up down"), "it is taken");
    EXPECT_EQ(refusal("e\x1b[31m up\xff").find('\x1b'), std::string::npos);
    EXPECT_EQ(refusal("eth0 up up"), "it is taken");
}

TEST(Condition, AsksForNoMoreThanItNeeds) {
    EXPECT_EQ(condition("eth* up").words().interfaces, std::vector<std::string>{"eth*"});
    EXPECT_EQ(condition("eth* up").words().kinds, std::vector<std::string>{"link"});
    EXPECT_TRUE(condition("eth0 up usable").words().kinds.empty());
}

TEST(Condition, IsJudgedByTheWholeSnapshotThenByEachRecord) {
    Told told{"eth0 up"};
    EXPECT_EQ(told.waited.standing(), "the daemon has not told its state yet");
    told.line("hello");
    told.line("snapshot.begin");
    told.link("added", 2, "eth0", no_carrier);
    told.line("snapshot.end");
    EXPECT_EQ(told.fulfilled(), "no");
    EXPECT_EQ(told.waited.standing(), "eth0 is down (no_carrier)");
    told.link("changed", 2, "eth0", up);
    EXPECT_EQ(told.fulfilled(), "eth0 is up");
    told.link("changed", 2, "eth0", no_carrier);
    EXPECT_EQ(told.fulfilled(), "eth0 is up") << "what has been true stays the answer";
}

TEST(Condition, IsNotJudgedByHalfASnapshot) {
    Told told{"eth0 up"};
    told.line("snapshot.begin");
    told.link("added", 2, "eth0", up);
    EXPECT_EQ(told.fulfilled(), "no");
    told.line("snapshot.end");
    EXPECT_EQ(told.fulfilled(), "eth0 is up");
}

TEST(Condition, DownNeedsALinkThatIsThere) {
    Told told{"eth0 down"};
    told.snapshot();
    EXPECT_EQ(told.fulfilled(), "no");
    EXPECT_EQ(told.waited.standing(), "no link 'eth0' is there");
    told.link("added", 2, "eth0", no_carrier);
    EXPECT_EQ(told.fulfilled(), "eth0 is down (no_carrier)");
}

TEST(Condition, AnyMatchIsEnough) {
    Told told{"eth* carrier"};
    told.line("snapshot.begin");
    told.link("added", 2, "eth0", no_carrier);
    told.link("added", 3, "eth1", no_carrier);
    told.line("snapshot.end");
    EXPECT_EQ(told.fulfilled(), "no");
    told.link("changed", 3, "eth1", dormant);
    EXPECT_EQ(told.fulfilled(), "eth1 is down (dormant), has a carrier");
}

TEST(Condition, AllWordsAreAskedOfTheSameLink) {
    Told told{"eth* up usable"};
    told.snapshot();
    told.link("added", 2, "eth0", up);
    told.link("added", 3, "eth1", no_carrier);
    told.address("added", 3, "192.0.2.1", "global", true);
    EXPECT_EQ(told.fulfilled(), "no");
    EXPECT_EQ(told.waited.standing(),
              "eth0 is up, has no usable address; eth1 is down (no_carrier), usable: 192.0.2.1/24");
    told.link("changed", 3, "eth1", up);
    EXPECT_EQ(told.fulfilled(), "eth1 is up, usable: 192.0.2.1/24");
}

TEST(Condition, OfAddressesThoseCountThatAreUsableBeyondTheLink) {
    Told told{"eth0 usable"};
    told.snapshot();
    told.link("added", 2, "eth0", up);
    told.address("added", 2, "fe80::1", "link", true);
    told.address("added", 2, "2001:db8::1", "global", false);
    EXPECT_EQ(told.fulfilled(), "no");
    told.address("changed", 2, "2001:db8::1", "global", true);
    EXPECT_EQ(told.fulfilled(), "eth0 is up, usable: 2001:db8::1/24");
}

TEST(Condition, AnAddressThatGoesCountsNoMore) {
    Told told{"eth0 carrier usable"};
    told.snapshot();
    told.link("added", 2, "eth0", no_carrier);
    told.address("added", 2, "192.0.2.1", "global", true);
    told.address("removed", 2, "192.0.2.1", "global", true);
    told.link("changed", 2, "eth0", up);
    EXPECT_EQ(told.fulfilled(), "no");
    told.address("added", 2, "192.0.2.1", "global", false);
    EXPECT_EQ(told.waited.standing(), "eth0 is up, has no usable address");
}

TEST(Condition, TheOrderOfALinkAndItsAddressDoesNotMatter) {
    Told told{"eth0 usable"};
    told.snapshot();
    told.address("added", 2, "192.0.2.1", "global", true);  // a rename brings them in one by one
    EXPECT_EQ(told.fulfilled(), "no");
    EXPECT_EQ(told.waited.standing(), "no link 'eth0' is there");
    told.link("added", 2, "eth0", up);
    EXPECT_EQ(told.fulfilled(), "eth0 is up, usable: 192.0.2.1/24");
}

TEST(Condition, GoneIsKnownFromAWholeSnapshotOnly) {
    Told told{"eth0 gone"};
    told.line("hello");
    told.line("snapshot.begin");
    EXPECT_EQ(told.fulfilled(), "no");
    told.link("added", 2, "eth0", up);
    told.line("snapshot.end");
    EXPECT_EQ(told.fulfilled(), "no");
    EXPECT_EQ(told.waited.standing(), "eth0 is up");
    told.link("removed", 2, "eth0", up);
    EXPECT_EQ(told.fulfilled(), "no link 'eth0' is there");
}

TEST(Condition, GoneWantsAllThatMatchToBeGone) {
    Told told{"veth* gone"};
    told.line("snapshot.begin");
    told.link("added", 2, "veth0", up);
    told.link("added", 3, "veth1", up);
    told.line("snapshot.end");
    told.link("removed", 2, "veth0", up);
    EXPECT_EQ(told.fulfilled(), "no");
    told.link("removed", 3, "veth1", up);
    EXPECT_NE(told.fulfilled(), "no");
}

TEST(Condition, AfterAGapTheSnapshotIsAllThatCounts) {
    Told told{"eth0 up usable"};
    told.snapshot();
    told.link("added", 2, "eth0", no_carrier);
    told.address("added", 2, "192.0.2.1", "global", true);
    told.line("gap", R"(,"from":2,"to":9,"reason":"other_run")");
    told.line("snapshot.begin");
    told.link("added", 2, "eth0", up);
    told.line("snapshot.end");
    EXPECT_EQ(told.fulfilled(), "no");
    EXPECT_EQ(told.waited.standing(), "eth0 is up, has no usable address");
}

TEST(Condition, ALongListIsShortened) {
    Told told{"* down"};
    told.line("snapshot.begin");
    for (int i = 1; i <= 8; ++i) told.link("added", i, "v" + std::to_string(i), up);
    told.line("snapshot.end");
    EXPECT_TRUE(told.waited.standing().ends_with("v5 is up; and 3 more")) << told.waited.standing();
}
