// What holds of every object, whatever its fields: it is JSON, it reads back, and what was before leads back.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "arbitrary.hpp"
#include "json.hpp"
#include "record/object_reader.hpp"
#include "rendering.hpp"
#include "rtnl/decode.hpp"
#include "support/fixture.hpp"

namespace nlwatch::record {
namespace {

using test::at, test::object_of;

std::string written_again(rtnl::Kind kind, const std::string& object) {
    const auto read = read_object(kind, object);
    const auto* error = std::get_if<ReadError>(&read);
    return error ? error->what : object_of(std::get<state::Row>(read));
}

RC_GTEST_PROP(Object, IsJsonWithUniqueNames, ()) {
    const std::string object = object_of(test::arbitrary_row());
    RC_ASSERT(test::is_json(object));
    RC_ASSERT(test::has_unique_names(object));
    RC_ASSERT(object.find("null") == object.npos || object.find(":null") == object.npos);
    RC_ASSERT(object.find('\n') == object.npos);
}

RC_GTEST_PROP(Object, WrittenReadAndWrittenIsTheSame, ()) {
    const state::Row row = test::arbitrary_row();
    const std::string object = object_of(row);
    RC_ASSERT(written_again(row.key.kind, object) == object);
}

RC_GTEST_PROP(Object, ReadsToItsKey, ()) {
    const state::Row row = test::arbitrary_row();
    const auto read = read_object(row.key.kind, object_of(row));
    RC_ASSERT(std::get<state::Row>(read).key == row.key);
}

RC_GTEST_PROP(Object, WhatWasBeforeLeadsBack, ()) {
    const state::Row was = test::arbitrary_row(), is = test::arbitrarily_changed(was);
    const std::string line = test::line_of({.before = test::shared(was), .after = test::shared(is)});
    RC_ASSERT(test::is_json(line));
    const std::string object = at(line, "/object"), before = at(line, "/before");
    RC_ASSERT(object == test::normal(object_of(is)));
    RC_ASSERT(test::undone(object, before) == test::normal(object_of(was)));
    // … and names nothing that stayed.
    for (const std::string& name : test::members(before))
        RC_ASSERT(at(before, "/" + name) != at(object, "/" + name));
}

TEST(Object, CapturedOnesReadBack) {
    std::size_t objects = 0;
    for (const test::Fixture& fixture : test::all_fixtures())
        for (const netlink::Message& message : fixture.messages()) {
            const rtnl::Decoded decoded = rtnl::decode(message);
            const auto* update = std::get_if<rtnl::Update>(&decoded);
            if (!update) continue;
            const rtnl::Link* link = rtnl::as_link(update->object);
            const state::Row row = link ? test::row(*link) : test::row(*rtnl::as_address(update->object));
            const std::string object = object_of(row);
            EXPECT_TRUE(test::is_json(object)) << fixture.name;
            EXPECT_EQ(written_again(row.key.kind, object), object) << fixture.name;
            ++objects;
        }
    EXPECT_GT(objects, 50u);
}

TEST(Object, TellsEveryNameRawWhereItIsNoUtf8) {
    rtnl::Link it = test::link(4, "a\xff", "k\xff");
    it.link = 2, it.master = 9;
    it.alias = "b\xff", it.qdisc = "fine";
    it.altnames = {"c", "d\xff"};
    const std::string object = object_of(test::row(it, {{2, "e\xff"}, {9, "f\xff"}}));
    for (const auto& [name, hex] : {std::pair{"ifname", "61ff"},
                                    {"link_kind", "6bff"},
                                    {"ifalias", "62ff"},
                                    {"link", "65ff"},
                                    {"master", "66ff"},
                                    {"linkinfo/info_kind", "6bff"}}) {
        EXPECT_EQ(at(object, std::string{"/"} + name + "_hex"), '"' + std::string{hex} + '"') << name;
        EXPECT_TRUE(at(object, std::string{"/"} + name).ends_with("\xef\xbf\xbd\"")) << name;
    }
    EXPECT_EQ(at(object, "/altnames_hex"), R"(["63","64ff"])");
    EXPECT_EQ(at(object, "/qdisc_hex"), "");
}

TEST(Object, NamesLinkTypesAsIproute2Does) {
    for (const auto& [type, word] :
         {std::pair{1, "ether"}, {772, "loopback"}, {519, "[519]"}, {0, "generic"}}) {
        rtnl::Link it = test::link(2, "eth0");
        it.type = static_cast<std::uint16_t>(type);
        EXPECT_EQ(at(object_of(test::row(it)), "/link_type"), '"' + std::string{word} + '"');
    }
}

// The writer collects short pieces of a record: what is long, or is escaped, must not fall between them.
TEST(Object, TakesTextsOfAnyLength) {
    for (std::size_t size = 0; size < 1100; ++size)
        for (const char* piece : {"a", "\n", "\"", "\xff", "\xe2\x82\xac"}) {
            rtnl::Link it = test::link(2, "eth0");
            while (it.alias.size() < size) it.alias += piece;
            const std::string object = object_of(test::row(it));
            ASSERT_TRUE(test::is_json(object)) << size << ' ' << object;
            ASSERT_EQ(written_again(rtnl::Kind::link, object), object) << size;
        }
}

std::string error_of(rtnl::Kind kind, std::string_view object) {
    const auto read = read_object(kind, object);
    const auto* error = std::get_if<ReadError>(&read);
    return error ? error->what : "";
}
std::string link_error(const std::string& members) {
    return error_of(rtnl::Kind::link, R"({"ifindex":2,"ifname":"eth0")" + members + "}");
}

TEST(ObjectReader, SaysWhereItStopped) {
    EXPECT_EQ(link_error(""), "");
    EXPECT_EQ(link_error(R"(,"mtu":"1500")"), "mtu: is no number");
    EXPECT_EQ(link_error(R"(,"mtu":-1)"), "mtu: is out of range");
    EXPECT_EQ(link_error(R"(,"mtu":4294967296)"), "mtu: is out of range");
    EXPECT_EQ(link_error(R"(,"mtu":null)"), "mtu: is no number");
    EXPECT_EQ(link_error(R"(,"flags":["UP","SIDEWAYS"])"), "flags: has an unknown word");
    EXPECT_EQ(link_error(R"(,"flags":{})"), "flags: is no list");
    EXPECT_EQ(link_error(R"(,"operstate":"SLEEPY")"), "operstate: is no number");
    EXPECT_EQ(link_error(R"(,"operstate":"256")"), "operstate: is out of range");
    EXPECT_EQ(link_error(R"(,"address":"02:00:100")"), "address: is out of range");
    EXPECT_EQ(link_error(R"(,"address":"02-00")"), "address: is no number");
    EXPECT_EQ(link_error(R"(,"master":"a-name-of-16-bytes")"), "master: is no name");
    EXPECT_EQ(link_error(R"(,"master":"")"), "master: is no name");
    EXPECT_EQ(link_error(R"(,"ifname_hex":"6")"), "ifname_hex: ends within a byte");
    EXPECT_EQ(link_error(R"(,"linkinfo":7)"), "linkinfo: is no object");
    EXPECT_EQ(link_error(R"(,"linkinfo":{"info_kind":"vlan","info_data":{"id":65536}})"),
              "linkinfo.info_data.id: is out of range");
    EXPECT_EQ(link_error(R"(,"linkinfo":{"info_kind":"bridge","info_data":{"bridge_id":"8000:1"}})"),
              "linkinfo.info_data.bridge_id: is no bridge's id");
    EXPECT_EQ(error_of(rtnl::Kind::link, R"({"ifname":"eth0"})"), "is no link: it has no ifindex");
    EXPECT_EQ(error_of(rtnl::Kind::link, "[]"), "is no object");
    EXPECT_NE(error_of(rtnl::Kind::link, "{"), "");
    EXPECT_EQ(error_of(rtnl::Kind::address, R"({"ifindex":2,"family":"inet","local":"2001:db8::1"})"),
              "is no address: it lacks what makes its key");
    EXPECT_EQ(error_of(rtnl::Kind::address, R"({"ifindex":2,"family":"inet","local":"192.0.2"})"),
              "local: is no IP address");
}

TEST(ObjectReader, SkipsWhatItDoesNotKnow) {
    EXPECT_EQ(link_error(R"(,"new":null,"linkinfo":{"info_kind":"amt","info_data":{"mode":7},"new":[]})"),
              "");
}

TEST(ObjectReader, NamesOfOtherLinksAreMentioned) {
    rtnl::Link it = test::link(4, "eth0.5", "vlan");
    it.link = 2, it.master = 9;
    const auto read = read_object(rtnl::Kind::link, object_of(test::row(it, {{2, "e\xff"}, {9, "br0"}})));
    const state::Row& row = std::get<state::Row>(read);
    const rtnl::Link& link = *state::as_link(row);
    EXPECT_GE(link.master, first_made_up_index);
    EXPECT_EQ(row.name_of(link.master), "br0");
    EXPECT_EQ(row.name_of(*link.link), "e\xff");
    it.master = 2;  // one link in two places has one index
    const auto again = read_object(rtnl::Kind::link, object_of(test::row(it, {{2, "br0"}})));
    EXPECT_EQ(state::as_link(std::get<state::Row>(again))->master,
              state::as_link(std::get<state::Row>(again))->link);
    EXPECT_EQ(std::get<state::Row>(again).mentioned.size(), 1u);
}

TEST(ObjectReader, ReadsAnAddressWhole) {
    rtnl::Address it = test::inet(2, 10);
    it.flags = 0x80;  // IFA_F_PERMANENT
    it.label = "eth0:1";
    it.metric = 7;
    const auto read = read_object(rtnl::Kind::address, object_of(test::row(it, "eth0", "veth")));
    EXPECT_TRUE(same_state(std::get<state::Row>(read), test::row(it, "eth0", "veth")));
    EXPECT_EQ(std::get<state::Row>(read).key, key_of(it));
}

}  // namespace
}  // namespace nlwatch::record
