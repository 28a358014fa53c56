#include "record/cloud_event.hpp"

#include <gtest/gtest.h>

#include "json.hpp"
#include "rendering.hpp"

namespace nlwatch::record {
namespace {

using test::at, test::inet, test::line_of, test::link;

const Renderer renderer{test::identity()};
const Envelope envelope{.source = "urn:uuid:00112233-4455-6677-8899-aabbccddeeff"};

std::string event_of(std::string_view line, std::uint64_t seq = 7,
                     std::string_view id = "4f1c2a9be07d4c55-7") {
    std::string event;
    append_cloud_event(event, envelope, id, line, seq);
    EXPECT_TRUE(test::is_json(event)) << event;
    EXPECT_TRUE(test::has_unique_names(event)) << event;
    return event;
}

std::string without_end(std::string line) {
    line.pop_back();
    return line;
}

TEST(CloudEvent, WrapsARecord) {
    const std::string line = line_of(test::added(link(2, "eth0")));
    EXPECT_EQ(event_of(line),
              R"({"specversion":"1.0","id":"4f1c2a9be07d4c55-7",)"
              R"("source":"urn:uuid:00112233-4455-6677-8899-aabbccddeeff","type":"nlwatch.link.added",)"
              R"("subject":"link/4097/2","time":"2026-11-24T13:20:31.123456Z",)"
              R"("datacontenttype":"application/json","dataschema":"urn:nlwatch:schema:record:1",)"
              R"("sequence":"00000000000000000007","data":)" +
                  without_end(line) + "}");
}

TEST(CloudEvent, AppendsToABatch) {
    std::string batch = "[";
    append_cloud_event(batch, envelope, "a", line_of(test::added(link(2, "eth0"))), 7);
    batch += ',';
    append_cloud_event(batch, envelope, "b", line_of(test::added(inet(2, 1)), 8), 8);
    batch += ']';
    EXPECT_EQ(at(batch, "/0/id"), R"("a")");
    EXPECT_EQ(at(batch, "/1/type"), R"("nlwatch.address.added")");
    EXPECT_EQ(at(batch, "/1/subject"), R"("address/4097/2/inet/192.0.2.1/24/192.0.2.1")");
}

TEST(CloudEvent, HasWhatTheRecordHas) {
    std::string row, gap, frame;
    renderer.snapshot_row(row, 9, test::row(link(2, "eth0")));
    EXPECT_EQ(at(event_of(row), "/time"), "") << "a row of a snapshot was learnt at some time";
    EXPECT_EQ(at(event_of(row), "/subject"), R"("link/4097/2")");
    renderer.gap(gap, 4, 9, GapReason::expired);
    EXPECT_EQ(at(event_of(gap), "/type"), R"("nlwatch.gap")");
    EXPECT_EQ(at(event_of(gap), "/subject"), "");
    EXPECT_EQ(at(event_of(gap), "/time"), "");
    renderer.frame(frame, 9, Entry::Frame::resync_begin, R"(,"resync":3,"cause":"overrun","lost":null)",
                   test::stamp());
    EXPECT_EQ(at(event_of(frame), "/type"), R"("nlwatch.resync.begin")");
    EXPECT_EQ(at(event_of(frame), "/time"), R"("2026-11-24T13:20:31.123456Z")");
}

TEST(CloudEvent, TakesTheMomentItWasLearntNotTheOneBefore) {
    state::Change change = test::changed(test::without_carrier(link(2, "eth0")), link(2, "eth0"));
    change.origin = state::Origin::resync;
    change.not_before = test::stamp().monotonic - std::chrono::seconds{60};
    EXPECT_EQ(at(event_of(line_of(change)), "/time"), R"("2026-11-24T13:20:31.123456Z")");
}

TEST(CloudEvent, TellsTheTypeAsItIsDelivered) {
    std::string line, left;
    const Entry entry =
        renderer.change(line, 7, test::changed(link(2, "eth0"), link(2, "wan")), test::stamp());
    border_line(left, line, entry, Sight::left);
    EXPECT_EQ(at(event_of(left), "/type"), R"("nlwatch.link.removed")");
    EXPECT_EQ(at(event_of(left), "/subject"), R"("link/4097/2")");
}

TEST(CloudEvent, IsNotMisledByNames) {
    Identity tagged = test::identity();
    tagged.tags = {{"key", "a"}, {"time", "\",\"time\":\"never\""}, {"type", "x"}, {"time\",\"key", "y"}};
    const Renderer of_tagged{tagged};
    std::string gap;
    of_tagged.gap(gap, 4, 9, GapReason::expired);
    EXPECT_EQ(at(event_of(gap), "/time"), "");
    EXPECT_EQ(at(event_of(gap), "/subject"), "");
    EXPECT_EQ(at(event_of(gap), "/type"), R"("nlwatch.gap")");
}

TEST(CloudEvent, CarriesWhateverBytesTheKernelTakes) {
    for (const std::string_view name :
         {"a\"b", "\\", "\",\"key\":\"", "%s%n", "eth\xff", "<b>", "\x1b[31m"}) {
        rtnl::Link it = link(2, name);
        it.alias = "line\r\nHeader: x\n\"},{\"" + std::string(name);
        const std::string line = line_of(test::added(it));
        const std::string event = event_of(line);
        EXPECT_EQ(event.find_first_of("\r\n"), std::string::npos);
        EXPECT_EQ(at(event, "/data"), test::normal(line)) << name;
        EXPECT_NE(event.find(without_end(line)), std::string::npos) << "the record's bytes as they are";
        EXPECT_EQ(at(event, "/subject"), R"("link/4097/2")");
    }
}

TEST(CloudEvent, EscapesWhatTheConfigurationSays) {
    std::string event;
    append_cloud_event(event, {.source = "a\"b\r\n", .type_prefix = "com.\"example\xff."}, "id\"",
                       line_of(test::added(link(2, "eth0"))), 7);
    EXPECT_EQ(at(event, "/source"), R"("a\"b\r\n")");
    EXPECT_EQ(at(event, "/type"), "\"com.\\\"example\xef\xbf\xbd.link.added\"");
    EXPECT_EQ(at(event, "/id"), R"("id\"")");
}

TEST(CloudEvent, PadsItsSequenceSoThatItSortsAsText) {
    const std::string line = line_of(test::added(link(2, "eth0")));
    EXPECT_EQ(at(event_of(line, ~std::uint64_t{0}), "/sequence"), R"("18446744073709551615")");
    EXPECT_EQ(at(event_of(line, 123999), "/sequence"), R"("00000000000000123999")");
}

TEST(EventId, IsTheSameForTheSameEventOnly) {
    const Position position{0x4f1c2a9be07d4c55, 123};
    EXPECT_EQ(event_id("link.added", position, std::nullopt), "4f1c2a9be07d4c55-123");
    EXPECT_EQ(event_id("gap", position, std::nullopt), "4f1c2a9be07d4c55-123-gap");
    EXPECT_EQ(event_id("snapshot.begin", position, 0), "4f1c2a9be07d4c55-123-0");
    EXPECT_EQ(event_id("link.added", position, 1), "4f1c2a9be07d4c55-123-1");
    EXPECT_EQ(event_id("snapshot.end", {1, 0}, 4), "0000000000000001-0-4");
}

TEST(CloudEventSource, IsAUriOfTheHost) {
    Identity identity = test::identity();
    EXPECT_EQ(cloud_event_source(identity), "urn:uuid:00112233-4455-6677-8899-aabbccddeeff");
    identity.host_id.clear();
    EXPECT_EQ(cloud_event_source(identity), "urn:nlwatch:edge-17");
    identity.host_id = "00112233445566778899aabbccddee\"f";
    identity.host_name = "a b/\"\xff~";
    EXPECT_EQ(cloud_event_source(identity), "urn:nlwatch:a%20b%2F%22%FF~");
}

}  // namespace
}  // namespace nlwatch::record
