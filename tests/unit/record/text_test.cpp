#include "record/text.hpp"

#include <gtest/gtest.h>
#include <linux/if.h>
#include <linux/if_addr.h>

#include <cstdlib>
#include <ctime>
#include <functional>

#include "rendering.hpp"

namespace nlwatch::record {
namespace {

using test::inet, test::inet6, test::line_of, test::link, test::without_carrier;

const Renderer renderer{test::identity()};

std::string plain(std::string_view line) { return text_of(line, {.time = false, .colour = false}); }
std::string frame(Entry::Frame frame, std::string_view fields) {
    std::string line;
    renderer.frame(line, 9, frame, fields, test::stamp());
    return plain(line);
}
rtnl::Link changed_by(rtnl::Link link, const std::function<void(rtnl::Link&)>& change) {
    change(link);
    return link;
}
// What a change of eth0 reads like, behind the columns.
std::string told(const rtnl::Link& was, const rtnl::Link& is) {
    const std::string text = plain(line_of(test::changed(was, is)));
    const std::string columns = "eth0             link     changed  ";
    EXPECT_TRUE(text.starts_with(columns)) << text;
    return text.substr(std::min(columns.size(), text.size()));
}
std::string told(const std::function<void(rtnl::Link&)>& change) {
    const rtnl::Link it = link(2, "eth0");
    return told(it, changed_by(it, change));
}

TEST(Text, ALinkAppearsAndGoes) {
    rtnl::Link it = link(2, "eth0");
    it.address = test::hardware_address({2, 0, 0, 0, 0, 1});
    EXPECT_EQ(plain(line_of(test::added(it))),
              "eth0             link     added    up, veth, 02:00:00:00:00:01, mtu 1500");
    EXPECT_EQ(plain(line_of(test::removed(without_carrier(it)))),
              "eth0             link     removed  down (no_carrier), veth, 02:00:00:00:00:01, mtu 1500");
    EXPECT_EQ(plain(line_of(test::removed(link(2, "eth0", ""), rtnl::Gone::moved_netns))),
              "eth0             link     removed  up, mtu 1500, moved_netns");
}

TEST(Text, AddressesComeAndGo) {
    rtnl::Address it = inet(2, 10);
    it.flags = IFA_F_PERMANENT;
    EXPECT_EQ(plain(line_of(test::added(it))),
              "eth0             address  added    192.0.2.10/24, usable, scope global");
    it.peer.bytes = {203, 0, 113, 1};
    it.flags |= IFA_F_SECONDARY;
    EXPECT_EQ(
        plain(line_of(test::removed(it, rtnl::Gone::link_removed))),
        "eth0             address  removed  192.0.2.10/24 peer 203.0.113.1, usable, scope global, secondary, "
        "link_removed");
    rtnl::Address tried = inet6(2, 1), failed = tried;
    tried.flags = IFA_F_PERMANENT | IFA_F_TENTATIVE;
    failed.flags = tried.flags | IFA_F_DADFAILED;
    EXPECT_EQ(plain(line_of(test::added(tried))),
              "eth0             address  added    2001:db8::1/64, tentative, scope global");
    EXPECT_EQ(plain(line_of(test::added(failed))),
              "eth0             address  added    2001:db8::1/64, duplicate, scope global");
    EXPECT_EQ(plain(line_of(test::changed(tried, failed))),
              "eth0             address  changed  2001:db8::1/64, duplicate address, dadfailed");
    rtnl::Address good = tried;
    good.flags = IFA_F_PERMANENT;
    EXPECT_EQ(plain(line_of(test::changed(tried, good))),
              "eth0             address  changed  2001:db8::1/64, usable, no longer tentative");
}

TEST(Text, StateComesFirst) {
    const rtnl::Link up = link(2, "eth0");
    EXPECT_EQ(told(without_carrier(up), up), "state down (no_carrier) -> up, carrier up");
    EXPECT_EQ(told(up, without_carrier(up)), "state up -> down (no_carrier), carrier down");
    rtnl::Link off = without_carrier(up);
    off.flags = 0;
    EXPECT_EQ(told(off, without_carrier(up)), "state down (admin_down) -> down (no_carrier)");
}

TEST(Text, ValuesAreToldFromOldToNew) {
    EXPECT_EQ(told([](rtnl::Link& it) { it.mtu = 9000; }), "mtu 1500 -> 9000");
    EXPECT_EQ(told([](rtnl::Link& it) { it.alias = "uplink"; }), "ifalias none -> uplink");
    EXPECT_EQ(told([](rtnl::Link& it) { it.master = 7; }), "master none -> if7");
    EXPECT_EQ(told([](rtnl::Link& it) { it.flags |= IFF_PROMISC; }), "flags +PROMISC");
    EXPECT_EQ(told([](rtnl::Link& it) { it.altnames = {"enp1s0"}; }), "altnames +enp1s0");
    EXPECT_EQ(told([](rtnl::Link& it) { it.proto_down = true; }), "proto_down");
    const rtnl::Link was = changed_by(link(2, "eth0"), [](rtnl::Link& it) { it.altnames = {"a", "b"}; });
    const rtnl::Link is = changed_by(was, [](rtnl::Link& it) { it.altnames = {"b", "c"}; });
    EXPECT_EQ(told(was, is), "altnames -a +c");
    EXPECT_EQ(plain(line_of(test::changed(link(2, "eth0"), link(2, "wan")))),
              "wan              link     changed  ifname eth0 -> wan");
}

TEST(Text, OfNestedMembersOnlyWhatChanged) {
    const auto vlan = [](std::uint32_t flags, std::uint16_t id) {
        return changed_by(link(2, "eth0", "vlan"), [&](rtnl::Link& it) {
            it.info.data =
                rtnl::Vlan{.protocol = 0x8100, .id = id, .flags = flags, .ingress_qos = {}, .egress_qos = {}};
        });
    };
    EXPECT_EQ(told(vlan(1, 5), vlan(1, 6)), "linkinfo id 5 -> 6");
}

TEST(Text, TellsWhatNobodySaw) {
    const rtnl::Link it = link(2, "eth0");
    state::Change change = test::changed(it, it);
    change.origin = state::Origin::resync;
    change.missed_ups = 2, change.missed_downs = 1;
    EXPECT_EQ(
        plain(line_of(change)),
        "eth0             link     changed  unseen: carrier up 2 times, down 1 times, learnt by resync");
}

TEST(Text, TheStreamsOwnLines) {
    EXPECT_EQ(frame(Entry::Frame::resync_begin,
                    R"(,"resync":3,"cause":"overrun","lost":517,"receive_buffer":8388608)"),
              "-- lost 517 messages of the kernel's (overrun): looking again");
    EXPECT_EQ(
        frame(Entry::Frame::resync_begin, R"(,"resync":3,"cause":"error","lost":null,"receive_buffer":1)"),
        "-- lost an unknown number of messages of the kernel's (error): looking again");
    EXPECT_EQ(frame(Entry::Frame::resync_end, R"(,"repaired":{"added":0,"changed":2,"removed":1})"),
              "-- in step with the kernel again: 0 added, 2 changed, 1 removed");
    EXPECT_EQ(frame(Entry::Frame::reload, ""), "-- the daemon publishes by another filter now");
    std::string gap, other, end, hello, begin, bookmark, error;
    renderer.gap(gap, 4, 9, GapReason::slow_reader);
    EXPECT_EQ(plain(gap), "-- records are missing from 4 to 9 (slow_reader)");
    renderer.gap(other, std::nullopt, 9, GapReason::other_run);
    EXPECT_EQ(plain(other), "-- records are missing to 9 (other_run)");
    renderer.snapshot_end(end, 9, true, {3, 5});
    EXPECT_EQ(plain(end), "-- that is all there is: 5 of kind address, 3 of kind link");
    error_line(error, "too many clients");
    EXPECT_EQ(plain(error), "-- too many clients");
    renderer.hello(hello, 9, {}, test::stamp());
    renderer.snapshot_begin(begin, 9);
    renderer.bookmark(bookmark, 9);
    for (const std::string& line : {hello, begin, bookmark}) EXPECT_EQ(plain(line), "") << line;
}

TEST(Text, NamesDoNoHarm) {
    rtnl::Link hostile = link(2, "e\xff\x1b[2J\\");
    hostile.alias = "two\nlines";
    const std::string text = plain(line_of(test::changed(link(2, "eth0"), hostile)));
    EXPECT_EQ(text,
              "e\\xff\\x1b[2J\\x5c  link     changed  ifalias none -> two\\x0alines, "
              "ifname eth0 -> e\\xff\\x1b[2J\\x5c");
    rtnl::Link listed = link(2, "eth0");
    listed.altnames = {"\x1b]0;x\x07"};
    EXPECT_EQ(told(link(2, "eth0"), listed), "altnames +\\x1b]0;x\\x07");
    listed.altnames = {"b\xff"};
    EXPECT_EQ(told(link(2, "eth0"), listed), "altnames +b\\xff");
    rtnl::Link other = listed;  // differs in no character of JSON, only in the raw bytes
    other.altnames = {"b\xfe"};
    EXPECT_EQ(told(listed, other), "altnames -b\\xff +b\\xfe");
    EXPECT_EQ(plain(line_of(test::changed(link(2, "e\xfe"), link(2, "e\xff")))),
              "e\\xff            link     changed  ifname e\\xfe -> e\\xff");
}

TEST(Text, ColoursWhatIsGoodAndBad) {
    const rtnl::Link up = link(2, "eth0");
    EXPECT_EQ(
        text_of(line_of(test::changed(up, without_carrier(up))), {.time = false, .colour = true}),
        "eth0             link     \033[33mchanged\033[0m  \033[31mstate up -> down (no_carrier)\033[0m, "
        "\033[31mcarrier down\033[0m");
    EXPECT_EQ(text_of(line_of(test::added(up)), {.time = false, .colour = true}),
              "eth0             link     \033[32madded  \033[0m  \033[32mup\033[0m, veth, mtu 1500");
}

TEST(Text, TimeOfDayIsLocal) {
    ::setenv("TZ", "XXX-2", 1);  // two hours east of Greenwich
    ::tzset();
    const std::string line = line_of(test::added(link(2, "eth0")));
    EXPECT_TRUE(text_of(line, {.time = true, .colour = false}).starts_with("15:20:31.123  eth0  "));
    std::string gap;
    renderer.gap(gap, 4, 9, GapReason::slow_reader);  // has no time
    EXPECT_EQ(text_of(gap, {.time = true, .colour = false}),
              "              -- records are missing from 4 to 9 (slow_reader)");
    ::unsetenv("TZ");
    ::tzset();
}

TEST(Text, WhatIsNoRecordSaysNothing) {
    for (const char* line :
         {"", "x", "{}", "[]", R"({"type":"link.added"})", R"({"type":"link.added","object":7})",
          R"({"object":{}})", R"({"type":"gap"})", R"({"type":7})"})
        EXPECT_EQ(text_of(line, {}), "") << line;
}

}  // namespace
}  // namespace nlwatch::record
