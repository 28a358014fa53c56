#include "record/filter.hpp"

#include <gtest/gtest.h>

#include "record/renderer.hpp"

namespace nlwatch::record {
namespace {

using Patterns = std::vector<std::string>;

Subject subject(rtnl::Kind kind, std::string_view ifname, std::string_view link_kind = "") {
    Subject it;
    it.kind = kind;
    it.ifname = ifname;
    it.link_kind = link_kind;
    return it;
}
Subject link(std::string_view ifname, std::string_view kind = "") {
    return subject(rtnl::Kind::link, ifname, kind);
}

Entry entry(state::Op op, const Subject& before, const Subject& after, Transitions transitions = 0) {
    Entry it;
    it.op = op;
    it.before = before;
    it.after = after;
    it.transitions = transitions;
    return it;
}
Entry renamed(std::string_view from, std::string_view to) {
    return entry(state::Op::changed, link(from), link(to), transition::renamed);
}
Filter of_interfaces(Patterns patterns) {
    Filter filter;
    filter.scopes = {Scope{.kinds = {}, .interfaces = Globs{std::move(patterns)}, .link_kinds = {}}};
    return filter;
}

TEST(Globs, NoneMatchesAll) {
    EXPECT_TRUE(Globs{}.match(""));
    EXPECT_TRUE(Globs{}.match("eth0"));
}

TEST(Globs, AreFnmatchPatterns) {
    const Globs globs{{"eth[0-9]", "w?an", "br\\*"}};
    for (const char* name : {"eth0", "eth9", "wlan", "br*"}) EXPECT_TRUE(globs.match(name)) << name;
    for (const char* name : {"eth10", "Eth0", "eth", "wan", "br0", ""})
        EXPECT_FALSE(globs.match(name)) << name;
}

TEST(Globs, TheLastMatchWins) {
    const Globs globs{{"eth*", "!eth1*", "eth10"}};
    EXPECT_TRUE(globs.match("eth0"));
    EXPECT_FALSE(globs.match("eth1"));
    EXPECT_FALSE(globs.match("eth11"));
    EXPECT_TRUE(globs.match("eth10"));
    EXPECT_FALSE(globs.match("lo"));
}

TEST(Globs, AnExclusionInFrontStartsFromAll) {
    const Globs globs{{"!veth*", "!lo"}};
    EXPECT_TRUE(globs.match("eth0"));
    EXPECT_FALSE(globs.match("veth3"));
    EXPECT_FALSE(globs.match("lo"));
    EXPECT_FALSE((Globs{{"!veth*", "!*", "lo"}}.match("eth0")));
}

TEST(Globs, LookAtRawBytes) {
    EXPECT_TRUE(Globs{{"e\xff*"}}.match("e\xff\x1b\""));
    EXPECT_TRUE(Globs{{"*"}}.match("\xff"));
    EXPECT_TRUE(Globs{{"?"}}.match("\xff"));
}

TEST(Scope, AndsItsWords) {
    const Scope scope{
        .kinds = Globs{{"link"}}, .interfaces = Globs{{"e*"}}, .link_kinds = Globs{{"veth", "bridge"}}};
    EXPECT_TRUE(scope.covers(link("eth0", "veth")));
    EXPECT_FALSE(scope.covers(link("lo", "veth")));
    EXPECT_FALSE(scope.covers(link("eth0", "vxlan")));
    EXPECT_FALSE(scope.covers(subject(rtnl::Kind::address, "eth0", "veth")));
    EXPECT_FALSE(scope.everything());
    EXPECT_TRUE(Scope{}.everything());
    EXPECT_TRUE(Scope{}.covers(link("", "")));
}

TEST(Scope, NoneIsTheLinkWithoutKind) {
    const Scope hardware{.kinds = {}, .interfaces = {}, .link_kinds = Globs{{"none"}}};
    EXPECT_TRUE(hardware.covers(link("eth0")));
    EXPECT_FALSE(hardware.covers(link("eth0", "veth")));
    const Scope no_veth{.kinds = {}, .interfaces = {}, .link_kinds = Globs{{"!veth"}}};
    EXPECT_TRUE(no_veth.covers(link("eth0")));
    EXPECT_FALSE(no_veth.covers(link("eth0", "veth")));
}

TEST(Filter, ShowsWhatItsScopeCovers) {
    const Filter filter = of_interfaces({"eth*"});
    for (const state::Op op : {state::Op::added, state::Op::changed, state::Op::removed}) {
        EXPECT_EQ(filter.sight(entry(op, link("eth0"), link("eth0"))), Sight::as_is);
        EXPECT_EQ(filter.sight(entry(op, link("lo"), link("lo"))), Sight::hidden);
    }
    EXPECT_EQ(filter.sight(renamed("eth0", "eth1")), Sight::as_is);
    EXPECT_EQ(Filter{}.sight(renamed("a", "b")), Sight::as_is);
}

TEST(Filter, ARenameCrossesItsBorder) {
    const Filter filter = of_interfaces({"eth*"});
    EXPECT_EQ(filter.sight(renamed("wan", "eth0")), Sight::entered);
    EXPECT_EQ(filter.sight(renamed("eth0", "wan")), Sight::left);
    EXPECT_EQ(filter.sight(renamed("wan", "lan")), Sight::hidden);
}

TEST(Filter, AllScopesMustCover) {
    Filter filter = of_interfaces({"eth*"});
    filter.scopes.push_back(
        Scope{.kinds = Globs{{"link"}}, .interfaces = Globs{{"!eth1"}}, .link_kinds = {}});
    EXPECT_EQ(filter.sight(renamed("eth1", "eth0")), Sight::entered);
    EXPECT_EQ(filter.sight(renamed("eth0", "eth1")), Sight::left);
    const Subject address = subject(rtnl::Kind::address, "eth0");
    EXPECT_EQ(filter.sight(entry(state::Op::added, address, address)), Sight::hidden);
}

TEST(Filter, TypesAreGlobsOverWhatIsDelivered) {
    Filter filter = of_interfaces({"eth*"});
    filter.types = Globs{{"link.added"}};
    EXPECT_FALSE(filter.foldable());
    EXPECT_EQ(filter.sight(entry(state::Op::added, link("eth0"), link("eth0"))), Sight::as_is);
    EXPECT_EQ(filter.sight(renamed("wan", "eth0")), Sight::entered);  // a change that is delivered as added
    EXPECT_EQ(filter.sight(renamed("eth0", "wan")), Sight::hidden);
    EXPECT_EQ(filter.sight(renamed("eth0", "eth1")), Sight::hidden);
    filter.types = Globs{{"*.removed"}};
    EXPECT_EQ(filter.sight(renamed("eth0", "wan")), Sight::left);
    EXPECT_EQ(filter.sight(entry(state::Op::removed, link("eth0"), link("eth0"))), Sight::as_is);
    const Subject address = subject(rtnl::Kind::address, "eth0");
    EXPECT_EQ(filter.sight(entry(state::Op::removed, address, address)), Sight::as_is);
    filter.types = Globs{{"address.*"}};
    EXPECT_EQ(filter.sight(entry(state::Op::removed, address, address)), Sight::as_is);
    EXPECT_EQ(filter.sight(entry(state::Op::removed, link("eth0"), link("eth0"))), Sight::hidden);
}

TEST(Filter, AnyOfItsTransitionsWillDo) {
    Filter filter;
    filter.transitions = transition::state_up | transition::state_down;
    EXPECT_FALSE(filter.foldable());
    const auto changed = [](Transitions told) {
        return entry(state::Op::changed, link("eth0"), link("eth0"), told);
    };
    EXPECT_EQ(filter.sight(changed(transition::state_down | transition::carrier_down)), Sight::as_is);
    EXPECT_EQ(filter.sight(changed(transition::carrier_down)), Sight::hidden);
    EXPECT_EQ(filter.sight(changed(0)), Sight::hidden);
    filter.types = Globs{{"link.removed"}};
    EXPECT_EQ(filter.sight(changed(transition::state_down)), Sight::hidden);  // words are AND-ed
}

TEST(Filter, FramesPassAllScopes) {
    for (const auto frame : {Entry::Frame::resync_begin, Entry::Frame::resync_end, Entry::Frame::reload}) {
        Entry it;
        it.frame = frame;
        EXPECT_EQ(of_interfaces({"nothing"}).sight(it), Sight::as_is);
        Filter events;
        events.types = Globs{{"resync.*"}};
        EXPECT_EQ(events.sight(it), frame == Entry::Frame::reload ? Sight::hidden : Sight::as_is);
        events.types = {};
        events.transitions = transition::state_up;
        EXPECT_EQ(events.sight(it), Sight::hidden);
    }
}

}  // namespace
}  // namespace nlwatch::record
