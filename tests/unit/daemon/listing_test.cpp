#include "client/listing.hpp"

#include <gtest/gtest.h>

#include "failure.hpp"

using namespace nlwatch::client;

namespace {

std::string record(const std::string& type, const std::string& more) {
    return R"({"schema":1,"run":"00000000000000aa","seq":5,"type":")" + type + "\"" + more + "}\n";
}
std::string row(const std::string& kind, const std::string& key, const std::string& object) {
    return record(kind + ".added", R"(,"origin":"snapshot","key":")" + key + R"(","object":)" + object);
}

const std::string hello = record("hello", R"(,"version":"1.2.3","netns":{"cookie":7,"inode":8})");
const std::string end = record("snapshot.end", R"(,"settled":true,"counts":{})");
const std::string lo =
    R"({"ifindex":1,"ifname":"lo","mtu":65536,"link_type":"loopback","address":"00:00:00:00:00:00","carrier":true,"state":"up"})";
const std::string eth =
    R"({"ifindex":10,"ifname":"eth\ufffd","ifname_hex":"657468ff","link_kind":"veth","link_index":4,"mtu":1500,)"
    R"("link_type":"ether","master":"br0","carrier":false,"state":"down","state_reason":"no_carrier"})";
const std::string local =
    R"({"ifindex":1,"ifname":"lo","family":"inet","local":"127.0.0.1","prefixlen":8,"scope":"host","label":"lo","usable":true})";
const std::string tentative =
    R"({"ifindex":10,"ifname":"eth\ufffd","ifname_hex":"657468ff","link_kind":"veth","family":"inet6","local":"fe80::1",)"
    R"("prefixlen":64,"scope":"link","tentative":true,"dynamic":true,"usable":false})";

Snapshot snapshot() {
    return read_snapshot(hello + record("snapshot.begin", "") + row("link", "link/7/10", eth) +
                         row("address", "a2", tentative) + row("link", "link/7/1", lo) +
                         row("address", "a1", local) + end);
}

}  // namespace

TEST(Snapshot, IsInTheOrderOfInterfaces) {
    const Snapshot read = snapshot();
    EXPECT_EQ(read.links, (std::vector<std::string>{lo, eth}));
    EXPECT_EQ(read.addresses, (std::vector<std::string>{local, tentative}));
    EXPECT_EQ(read.version, "1.2.3");
    EXPECT_TRUE(read.settled);
    EXPECT_TRUE(read.published_all);
}

TEST(Snapshot, ThatIsNotWholeIsNone) {
    EXPECT_THROW(read_snapshot(hello + row("link", "link/7/1", lo)), nlwatch::Failure);
    EXPECT_THROW(read_snapshot(""), nlwatch::Failure);
    EXPECT_THROW(read_snapshot("<html>\n"), nlwatch::Failure);
}

// As a reader gets it whom the backlog overtook within its snapshot.
TEST(Snapshot, ThatBeginsAgainIsTheSecondOne) {
    const std::string begin = record("snapshot.begin", "");
    const Snapshot read =
        read_snapshot(hello + begin + row("link", "link/7/1", lo) + row("link", "link/7/10", eth) +
                      record("gap", R"(,"from":3,"to":7,"reason":"slow_reader")") + begin +
                      row("link", "link/7/1", lo) + row("address", "a1", local) + end);
    EXPECT_EQ(read.links, std::vector<std::string>{lo});
    EXPECT_EQ(read.addresses, std::vector<std::string>{local});
}

TEST(Snapshot, SaysWhetherTheDaemonPublishesAll) {
    const std::string some = record(
        "hello", R"(,"version":"1","netns":{"cookie":7,"inode":8},"published":{"interface":["eth*"]})");
    EXPECT_FALSE(read_snapshot(some + end).published_all);
}

TEST(Listing, OfLinks) {
    EXPECT_EQ(links_table(snapshot(), std::nullopt, false),
              "INDEX  NAME     STATE              KIND      ADDRESS            MTU    MASTER  LINK\n"
              "1      lo       up                 loopback  00:00:00:00:00:00  65536\n"
              "10     eth\\xff  down (no_carrier)  veth                         1500   br0     if4\n");
}

TEST(Listing, OfAddresses) {
    EXPECT_EQ(addresses_table(snapshot(), std::nullopt, false),
              "INTERFACE  FAMILY  ADDRESS      SCOPE  STATE      FLAGS\n"
              "lo         inet    127.0.0.1/8  host   usable\n"
              "eth\\xff    inet6   fe80::1/64   link   tentative  dynamic\n");
}

TEST(Listing, LinksAsJsonAreTheObjectsAsTheyWereTold) {
    EXPECT_EQ(links_json(snapshot()), "[" + lo + ",\n" + eth + "]\n");
    EXPECT_EQ(links_json(read_snapshot(hello + end)), "[]\n");
}

TEST(Listing, AddressesAsJsonStandWithTheirLinks) {
    const std::string json = addresses_json(snapshot());
    const std::string first =
        lo.substr(0, lo.size() - 1) +
        R"(,"addr_info":[{"family":"inet","local":"127.0.0.1","prefixlen":8,"scope":"host",)"
        R"("label":"lo","usable":true}]})";
    EXPECT_EQ(json.substr(0, first.size() + 3), "[" + first + ",\n");
    EXPECT_NE(json.find(R"("addr_info":[{"family":"inet6","local":"fe80::1","prefixlen":64)"),
              std::string::npos);
}

TEST(Listing, AddressesWithoutTheirLinksSayWhoseTheyAre) {
    EXPECT_EQ(
        addresses_json(read_snapshot(hello + row("address", "a1", local) + end)),
        R"([{"ifindex":1,"ifname":"lo","addr_info":[{"family":"inet","local":"127.0.0.1","prefixlen":8,)"
        R"("scope":"host","label":"lo","usable":true}]}])"
        "\n");
}
