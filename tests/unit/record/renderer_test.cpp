#include "record/renderer.hpp"

#include <gtest/gtest.h>
#include <linux/if_arp.h>

#include "json.hpp"
#include "rendering.hpp"

namespace nlwatch::record {
namespace {

using namespace std::chrono_literals;
using test::at, test::inet, test::inet6, test::line_of, test::link, test::stamp, test::without_carrier;

const Renderer renderer{test::identity()};

// What every line begins with.
std::string head(std::uint64_t seq, std::string_view type) {
    return R"({"schema":1,"run":"4f1c2a9be07d4c55","seq":)" + std::to_string(seq) + R"(,"type":")" +
           std::string{type} + '"';
}
const std::string when = R"(,"time":"2026-11-24T13:20:31.123456Z","monotonic_us":82358022)";

std::string object_in_line(const rtnl::Link& it) { return test::object_of(test::row(it)); }

TEST(Renderer, WritesALinkThatAppears) {
    const rtnl::Link it = link(2, "eth0", "");
    EXPECT_EQ(
        line_of(test::added(it), 1),
        head(1, "link.added") + R"(,"origin":"live")" + when +
            R"(,"key":"link/4097/2","netns":4097,"transitions":["admin_up","carrier_up","state_up"],)"
            R"("object":{"ifindex":2,"ifname":"eth0","flags":["UP","LOWER_UP"],"mtu":1500,"operstate":"UP",)"
            R"("linkmode":"DEFAULT","group":"default","link_type":"ether","carrier":true,"state":"up"}})"
            "\n");
}

TEST(Renderer, WritesAChangeWithItsOldValues) {
    const rtnl::Link up = link(2, "eth0", "");
    EXPECT_EQ(line_of(test::changed(without_carrier(up), up), 123999),
              head(123999, "link.changed") + R"(,"origin":"live")" + when +
                  R"(,"key":"link/4097/2","netns":4097,"transitions":["carrier_up","state_up"],"before":)"
                  R"({"flags":["NO-CARRIER","UP"],"operstate":"DOWN","carrier":false,"state":"down",)"
                  R"("state_reason":"no_carrier"},"object":)" +
                  object_in_line(up) + "}\n");
}

TEST(Renderer, WritesAReasonRightBehindTheType) {
    const rtnl::Link it = link(2, "eth0");
    const auto reason = [&](rtnl::Gone gone) { return line_of(test::removed(it, gone)); };
    EXPECT_TRUE(
        reason(rtnl::Gone::deleted).starts_with(head(7, "link.removed") + R"(,"reason":"deleted","origin")"));
    EXPECT_EQ(at(reason(rtnl::Gone::moved_netns), "/reason"), R"("moved_netns")");
    EXPECT_EQ(at(line_of(test::removed(inet(2, 1), rtnl::Gone::link_removed)), "/reason"),
              R"("link_removed")");
    EXPECT_EQ(at(reason(rtnl::Gone::deleted), "/object"),
              test::normal(object_in_line(it)));  // the last known
    EXPECT_EQ(at(reason(rtnl::Gone::deleted), "/before"), "");
}

TEST(Renderer, KeysAreTheKernelsIdentities) {
    const auto key = [](const rtnl::Key& it) {
        std::string text;
        renderer.key(text, it);
        return text;
    };
    EXPECT_EQ(key(rtnl::link_key(2)), "link/4097/2");
    EXPECT_EQ(key(key_of(inet(2, 10))), "address/4097/2/inet/192.0.2.10/24/192.0.2.10");
    EXPECT_EQ(key(key_of(inet6(2, 1))), "address/4097/2/inet6/2001:db8::1");
    rtnl::Address peer = inet(3, 10, 32);
    peer.peer.bytes = {203, 0, 113, 1};
    EXPECT_EQ(key(key_of(peer)), "address/4097/3/inet/192.0.2.10/32/203.0.113.1");
    peer.peer.bytes = {};
    EXPECT_EQ(key(key_of(peer)), "address/4097/3/inet/192.0.2.10/32/0.0.0.0");
    EXPECT_EQ(at(line_of(test::added(peer)), "/key"), R"("address/4097/3/inet/192.0.2.10/32/0.0.0.0")");
}

TEST(Renderer, NamesTheOrigin) {
    state::Change change = test::added(link(2, "eth0"));
    for (const auto& [origin, name] : {std::pair{state::Origin::live, "live"},
                                       {state::Origin::derived, "derived"},
                                       {state::Origin::resync, "resync"},
                                       {state::Origin::audit, "audit"},
                                       {state::Origin::restart, "restart"}}) {
        change.origin = origin;
        EXPECT_EQ(at(line_of(change), "/origin"), '"' + std::string{name} + '"');
    }
}

TEST(Renderer, NotBeforeIsWallClockOfTheSameMoment) {
    state::Change change = test::removed(link(2, "eth0"));
    change.origin = state::Origin::resync;
    EXPECT_EQ(at(line_of(change), "/not_before"), "");
    change.not_before = stamp().monotonic - 61s;
    EXPECT_EQ(at(line_of(change), "/not_before"), R"("2026-11-24T13:19:30.123456Z")");
}

TEST(Renderer, TellsWhatWasMissed) {
    const rtnl::Link it = link(2, "eth0");
    state::Change change = test::changed(it, it);
    EXPECT_EQ(at(line_of(change), "/missed"), "");
    EXPECT_EQ(at(line_of(change), "/before"), "{}");
    change.missed_ups = 2;
    EXPECT_EQ(at(line_of(change), "/missed"), R"({"carrier_down":0,"carrier_up":2})");
    change.missed_ups = 0, change.missed_downs = 3;
    EXPECT_EQ(at(line_of(change), "/missed"), R"({"carrier_down":3,"carrier_up":0})");
}

TEST(Renderer, BeforeHoldsWholeTopLevelMembers) {
    rtnl::Link was = link(2, "eth0", "vlan"), is = was;
    was.info.data = rtnl::Vlan{.protocol = 0x8100, .id = 5, .flags = 1, .ingress_qos = {}, .egress_qos = {}};
    is.info.data = rtnl::Vlan{.protocol = 0x8100, .id = 5, .flags = 3, .ingress_qos = {}, .egress_qos = {}};
    is.alias = "uplink";
    was.altnames = {"a", "b"};
    is.altnames = {"a"};
    EXPECT_EQ(
        at(line_of(test::changed(was, is)), "/before"),
        R"({"altnames":["a","b"],"ifalias":null,"linkinfo":{"info_data":{"flags":["REORDER_HDR"],"id":5,)"
        R"("protocol":"802.1Q"},"info_kind":"vlan"}})");
    EXPECT_EQ(at(line_of(test::changed(is, was)), "/before/ifalias"), R"("uplink")");
}

TEST(Renderer, BeforeHoldsTheOldNamesOfOtherLinks) {
    rtnl::Link port = link(3, "eth0");
    port.master = 2;
    const auto under = [&](std::string_view bridge) {
        return test::shared(test::row(port, {{.ifindex = 2, .name = rtnl::Name{bridge}}}));
    };
    EXPECT_EQ(at(line_of({.before = under("br0"), .after = under("br1")}), "/before"), R"({"master":"br0"})");
}

// A tunnel's address is an IP address, so that the same four bytes read otherwise.
TEST(Renderer, BeforeHoldsAnAddressWhoseNotationChanged) {
    rtnl::Link was = link(2, "t0"), is = was;
    was.address = is.address = test::hardware_address({192, 0, 2, 1});
    is.type = ARPHRD_IPGRE;
    EXPECT_EQ(at(line_of(test::changed(was, is)), "/before"),
              R"({"address":"c0:00:02:01","link_type":"ether"})");
}

TEST(Renderer, ANamesRawBytesComeAndGoWithThem) {
    rtnl::Link was = link(2, "e\xff"), is = link(2, "eth0");
    EXPECT_EQ(at(line_of(test::changed(was, is)), "/before"),
              "{\"ifname\":\"e\xef\xbf\xbd\",\"ifname_hex\":\"65ff\"}");
    EXPECT_EQ(at(line_of(test::changed(is, was)), "/before"), R"({"ifname":"eth0","ifname_hex":null})");
}

TEST(Renderer, TimeHasSixDigitsAndCarriesOver) {
    const auto time = [](std::chrono::system_clock::time_point utc) {
        std::string line;
        renderer.frame(line, 1, Entry::Frame::reload, "", {state::Time{5us}, utc});
        return at(line, "/time");
    };
    const std::chrono::system_clock::time_point second{1'700'000'000s};
    EXPECT_EQ(time(second), R"("2023-11-14T22:13:20.000000Z")");
    EXPECT_EQ(time(second + 7us), R"("2023-11-14T22:13:20.000007Z")");
    EXPECT_EQ(time(second + 1s - 1ns), R"("2023-11-14T22:13:20.999999Z")");
    EXPECT_EQ(time(second + 1s), R"("2023-11-14T22:13:21.000000Z")");
    EXPECT_EQ(time(second - 1us), R"("2023-11-14T22:13:19.999999Z")");
    EXPECT_EQ(time(std::chrono::system_clock::time_point{}), R"("1970-01-01T00:00:00.000000Z")");
}

TEST(Renderer, EntrySaysWhatTheLineSays) {
    std::string out = "what stands in front\n";
    const std::size_t start = out.size();
    state::Change change = test::changed(link(2, "eth0"), link(2, "wan"));
    const Entry entry = renderer.change(out, 42, change, stamp());
    EXPECT_EQ(entry.learnt, stamp().monotonic);
    EXPECT_EQ(entry.ifindex, 2u);
    EXPECT_EQ(entry.size, out.size() - start);
    EXPECT_EQ(out.substr(start + entry.op_at, 8), "changed\"");
    EXPECT_EQ(entry.op, state::Op::changed);
    EXPECT_EQ(entry.frame, Entry::Frame::none);
    EXPECT_EQ(entry.transitions, transition::renamed);
    EXPECT_EQ(entry.before.ifname, "eth0");
    EXPECT_EQ(entry.after.ifname, "wan");
    EXPECT_EQ(entry.after.link_kind, "veth");
    EXPECT_EQ(entry.before.kind, rtnl::Kind::link);
}

TEST(Renderer, AtABorderOnlyTheOpChanges) {
    std::string line, entered, left;
    const Entry entry = renderer.change(line, 42, test::changed(link(2, "eth0"), link(2, "wan")), stamp());
    border_line(entered, line, entry, Sight::entered);
    border_line(left, line, entry, Sight::left);
    EXPECT_EQ(entered, head(42, "link.added") + line.substr(head(42, "link.changed").size()));
    EXPECT_EQ(left, head(42, "link.removed") + R"(,"reason":"filter")" +
                        line.substr(head(42, "link.changed").size()));
    EXPECT_EQ(at(left, "/before/ifname"), R"("eth0")");
    EXPECT_EQ(at(left, "/object/ifname"), R"("wan")");
}

TEST(Renderer, WritesFrames) {
    std::string line;
    const Entry entry = renderer.frame(line, 9, Entry::Frame::resync_begin,
                                       R"(,"resync":3,"cause":"overrun","lost":null)", stamp());
    EXPECT_EQ(line, head(9, "resync.begin") + when + R"(,"resync":3,"cause":"overrun","lost":null})" + "\n");
    EXPECT_EQ(entry.size, line.size());
    EXPECT_EQ(entry.frame, Entry::Frame::resync_begin);
    EXPECT_EQ(entry.learnt, stamp().monotonic);
    EXPECT_EQ(frame_type(Entry::Frame::resync_end), "resync.end");
    EXPECT_EQ(frame_type(Entry::Frame::reload), "reload");
}

TEST(Renderer, WritesTheLinesOfASnapshot) {
    std::string begin, row, end, unsettled;
    renderer.snapshot_begin(begin, 5);
    EXPECT_EQ(begin, head(5, "snapshot.begin") + "}\n");
    renderer.snapshot_row(row, 5, test::row(inet(2, 10)));
    EXPECT_EQ(
        row,
        head(5, "address.added") +
            R"(,"origin":"snapshot","key":"address/4097/2/inet/192.0.2.10/24/192.0.2.10","netns":4097,)"
            R"("transitions":[],"object":{"ifindex":2,"ifname":"eth0","family":"inet","local":"192.0.2.10",)"
            R"("prefixlen":24,"scope":"global","dynamic":true,"usable":true}})"
            "\n");
    renderer.snapshot_end(end, 5, true, {3, 5});
    EXPECT_EQ(end, head(5, "snapshot.end") + R"(,"settled":true,"counts":{"link":3,"address":5}})" + "\n");
    renderer.snapshot_end(unsettled, 5, false, {0, std::nullopt});
    EXPECT_EQ(unsettled, head(5, "snapshot.end") + R"(,"settled":false,"counts":{"link":0}})" + "\n");
}

TEST(Renderer, WritesGapsAndBookmarks) {
    const auto gap = [](std::optional<std::uint64_t> from, GapReason reason) {
        std::string line;
        renderer.gap(line, from, 125100, reason);
        return line;
    };
    EXPECT_EQ(gap(124004, GapReason::slow_reader),
              head(125100, "gap") + R"(,"from":124004,"to":125100,"reason":"slow_reader"})" + "\n");
    EXPECT_EQ(gap(std::nullopt, GapReason::other_run),
              head(125100, "gap") + R"(,"to":125100,"reason":"other_run"})" + "\n");
    EXPECT_EQ(at(gap(1, GapReason::expired), "/reason"), R"("expired")");
    EXPECT_EQ(at(gap(1, GapReason::reload), "/reason"), R"("reload")");
    std::string bookmark;
    renderer.bookmark(bookmark, 77);
    EXPECT_EQ(bookmark, head(77, "bookmark") + "}\n");
}

TEST(Renderer, GreetsWithWhoSpeaks) {
    std::string line;
    renderer.hello(line, 123998, {}, stamp());
    EXPECT_EQ(
        line,
        head(123998, "hello") + R"(,"version":"0.1.0")" + when +
            R"(,"host":{"name":"edge-17","id":"00112233445566778899aabbccddeeff",)"
            R"("boot_id":"ffeeddccbbaa99887766554433221100"},"netns":{"cookie":4097,"inode":4026531840},)"
            R"("kinds":["link","address"]})"
            "\n");
}

TEST(Renderer, GreetsWithoutAMachineId) {
    Identity identity = test::identity();
    identity.host_id.clear();
    identity.boot_id.clear();
    identity.host_name = "a\"\xff";
    std::string line;
    Renderer{identity}.hello(line, 0, {}, stamp());
    EXPECT_EQ(at(line, "/host"), "{\"name\":\"a\\\"\xef\xbf\xbd\"}");
}

TEST(Renderer, GreetsWithTheFiltersThatAreSet) {
    const auto hello = [](const Greeting& greeting) {
        std::string line;
        renderer.hello(line, 0, greeting, stamp());
        return line;
    };
    const Scope published{.kinds = {}, .interfaces = {}, .link_kinds = Globs{{"!veth"}}};
    Filter filter;
    filter.scopes = {
        Scope{.kinds = Globs{{"link"}}, .interfaces = Globs{{"eth*", "\xff\""}}, .link_kinds = {}}};
    filter.types = Globs{{"link.*"}};
    filter.transitions = transition::state_up | transition::unusable;
    const std::string line =
        hello({.published = &published, .filter = &filter, .foldable = filter.foldable()});
    EXPECT_EQ(at(line, "/published"), R"({"link_kind":["!veth"]})");
    EXPECT_EQ(at(line, "/filter"),
              "{\"interface\":[\"eth*\",\"\xef\xbf\xbd\\\"\"],\"kind\":[\"link\"],"
              "\"transition\":[\"state_up\",\"unusable\"],\"type\":[\"link.*\"]}");
    EXPECT_EQ(at(line, "/foldable"), "false");
    const Scope everything;
    const std::string plain = hello({.published = &everything, .filter = nullptr, .foldable = true});
    for (const char* member : {"/published", "/filter", "/foldable"})
        EXPECT_EQ(at(plain, member), "") << member;
}

TEST(Renderer, PutsTagsIntoEveryLine) {
    Identity identity = test::identity();
    identity.tags = {{"site", "fra1"}, {"a\"b", "line\nand \xff"}};
    const Renderer tagged{identity};
    const std::string tags = "{\"a\\\"b\":\"line\\nand \xef\xbf\xbd\",\"site\":\"fra1\"}";
    std::string line;
    const auto check = [&] {
        EXPECT_TRUE(test::is_json(line) && line.ends_with("}\n")) << line;
        EXPECT_EQ(at(line, "/tags"), tags);
        line.clear();
    };
    tagged.change(line, 1, test::added(link(2, "eth0")), stamp()), check();
    tagged.frame(line, 1, Entry::Frame::reload, "", stamp()), check();
    tagged.hello(line, 1, {}, stamp()), check();
    tagged.snapshot_begin(line, 1), check();
    tagged.snapshot_row(line, 1, test::row(link(2, "eth0"))), check();
    tagged.snapshot_end(line, 1, true, {}), check();
    tagged.gap(line, 1, 2, GapReason::expired), check();
    tagged.bookmark(line, 1), check();
    EXPECT_EQ(at(line_of(test::added(link(2, "eth0"))), "/tags"), "");
}

TEST(Renderer, AnErrorLineStandsAlone) {
    std::string line;
    error_line(line, "too many \"clients\"\n");
    EXPECT_EQ(line, R"({"schema":1,"type":"error","message":"too many \"clients\"\u000a"})"
                    "\n");
}

}  // namespace
}  // namespace nlwatch::record
