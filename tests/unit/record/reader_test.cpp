#include "record/reader.hpp"

#include <gtest/gtest.h>

#include "rendering.hpp"

namespace nlwatch::record {
namespace {

std::string error_of(std::string_view line) {
    const auto read = read_record(line);
    const auto* error = std::get_if<ReadError>(&read);
    return error ? error->what : "";
}
Record record_of(std::string_view line) {
    auto read = read_record(line);
    EXPECT_EQ(error_of(line), "");
    return std::holds_alternative<Record>(read) ? std::get<Record>(read) : Record{};
}

TEST(Reader, ReadsAnObjectRecord) {
    const rtnl::Link up = test::link(2, "eth0");
    state::Change change = test::changed(test::without_carrier(up), up);
    change.origin = state::Origin::resync;
    change.not_before = test::stamp().monotonic - std::chrono::seconds{1};
    change.missed_ups = 2;
    const Record record = record_of(test::line_of(change, 123999));
    EXPECT_EQ(record.type, "link.changed");
    EXPECT_EQ(record.kind(), "link");
    EXPECT_EQ(record.op(), "changed");
    EXPECT_EQ(record.run, 0x4f1c2a9be07d4c55u);
    EXPECT_EQ(record.seq, 123999u);
    EXPECT_EQ(record.time, "2026-11-24T13:20:31.123456Z");
    EXPECT_EQ(record.not_before, "2026-11-24T13:20:30.123456Z");
    EXPECT_EQ(record.monotonic_us, 82358022u);
    EXPECT_EQ(record.key, "link/4097/2");
    EXPECT_EQ(record.netns, 4097u);
    EXPECT_EQ(record.origin, "resync");
    EXPECT_EQ(record.reason, "");
    EXPECT_EQ(record.transitions, (std::vector<std::string>{"carrier_up", "state_up"}));
    ASSERT_TRUE(record.missed);
    EXPECT_EQ(record.missed->carrier_ups, 2u);
    EXPECT_EQ(record.missed->carrier_downs, 0u);
    EXPECT_EQ(record.object, test::object_of(test::row(up)));
    EXPECT_TRUE(record.before.starts_with(R"({"flags":["NO-CARRIER","UP"],)")) << record.before;
    EXPECT_TRUE(record.before.ends_with(R"("state_reason":"no_carrier"})")) << record.before;
}

TEST(Reader, ReadsAHello) {
    std::string line;
    Renderer{test::identity()}.hello(line, 7, {}, test::stamp());
    const Record record = record_of(line);
    EXPECT_EQ(record.type, "hello");
    EXPECT_EQ(record.seq, 7u);
    EXPECT_EQ(record.key, "");
    EXPECT_EQ(record.netns, std::nullopt) << "there it is an object, and not of a record's";
}

TEST(Reader, KeepsTheObjectsBytes) {
    rtnl::Link hostile = test::link(2, "e\xff\x1b\"");
    hostile.alias = "}{][\",\\ \n\x7f";
    const state::Row row = test::row(hostile);
    std::string line;
    Renderer{test::identity()}.snapshot_row(line, 3, row);
    EXPECT_EQ(record_of(line).object, test::object_of(row));
    EXPECT_EQ(record_of(line).before, "");
    EXPECT_EQ(
        record_of(
            R"( { "object" : { "a" : [ 1 , "}" ] } , "schema":1,"run":"0000000000000001","seq":0,"type":"x.added" } )")
            .object,
        R"({ "a" : [ 1 , "}" ] })");
}

TEST(Reader, ReadsWhatIsNoObject) {
    std::string line;
    Renderer{test::identity()}.gap(line, 1, 9, GapReason::slow_reader);
    const Record record = record_of(line);
    EXPECT_EQ(record.type, "gap");
    EXPECT_EQ(record.seq, 9u);
    EXPECT_EQ(record.reason, "slow_reader");
    EXPECT_EQ(record.key, "");
    EXPECT_EQ(record.object, "");
    EXPECT_FALSE(record.netns || record.missed || record.monotonic_us);
}

TEST(Reader, SkipsWhatItDoesNotKnow) {
    const Record record = record_of(
        R"({"schema":1,"new":{"type":"x"},"run":"00000000000000ff","seq":1,"type":"route.moved","tags":{"seq":"no"},"origin":"oracle"})");
    EXPECT_EQ(record.type, "route.moved");
    EXPECT_EQ(record.run, 255u);
    EXPECT_EQ(record.origin, "oracle");
}

TEST(Reader, SaysWhatIsWrong) {
    EXPECT_EQ(error_of(""), "it is no JSON");
    EXPECT_EQ(error_of("hello"), "it is no JSON");
    EXPECT_EQ(error_of(R"({"schema":1)"), "it is no JSON");
    EXPECT_EQ(error_of(R"({"type":"a"} {})"), "it is no JSON");
    EXPECT_EQ(error_of("[{}]"), "it is no object");
    EXPECT_EQ(error_of("17"), "it is no object");
    EXPECT_EQ(error_of("{}"), "it has no type");
    EXPECT_EQ(error_of(R"({"type":7})"), "type is not a text");
    EXPECT_EQ(error_of(R"({"type":"x"})"), "it has no schema");
    EXPECT_EQ(error_of(R"({"type":"x","schema":2})"), "it is of schema 2, not 1");
    EXPECT_EQ(error_of(R"({"type":"x","schema":1})"), "run is not 16 hexadecimal digits");
    EXPECT_EQ(error_of(R"({"type":"x","schema":1,"run":"00000000000000f"})"),
              "run is not 16 hexadecimal digits");
    EXPECT_EQ(error_of(R"({"type":"x","schema":1,"run":"000000000000000f"})"), "it has no seq");
    const std::string good = R"({"type":"x","schema":1,"run":"000000000000000f","seq":1)";
    EXPECT_EQ(error_of(good + "}"), "");
    EXPECT_EQ(error_of(R"({"type":"x","schema":1,"run":"000000000000000f","seq":-1})"),
              "seq is not a number");
    EXPECT_EQ(error_of(R"({"type":"x","schema":1,"run":"000000000000000f","seq":1.5})"),
              "seq is not a number");
    EXPECT_EQ(error_of(good + R"(,"object":[]})"), "object is not an object");
    EXPECT_EQ(error_of(good + R"(,"transitions":"up"})"), "transitions is not a list of words");
    EXPECT_EQ(error_of(good + R"(,"transitions":[1]})"), "transitions is not a list of words");
    EXPECT_EQ(error_of(good + R"(,"missed":{}})"), "it has no carrier_up");
}

TEST(Reader, TheDaemonsErrorIsAnError) {
    std::string line;
    error_line(line, "too many clients");
    EXPECT_EQ(error_of(line), "too many clients");
}

TEST(Reader, IsNotFooledByBytesBehindANul) {
    using namespace std::string_view_literals;
    EXPECT_EQ(error_of("{}\0\""sv), "it has no type");
    EXPECT_EQ(error_of("{ } \0\"type\":\"x\""sv), "it has no type");
    EXPECT_EQ(error_of("{\"a\":1}\0\"b"sv), "it has no type");
}

}  // namespace
}  // namespace nlwatch::record
