// Rows carry the names of other links: what follows when those change.
#include <gtest/gtest.h>

#include "support/journal.hpp"

namespace nlwatch::test {
namespace {

using state::Origin;

rtnl::Link port(std::uint32_t ifindex, std::string_view ifname, std::uint32_t master) {
    rtnl::Link made = link(ifindex, ifname);
    made.master = master;
    return made;
}

rtnl::Link above(std::uint32_t ifindex, std::string_view ifname, std::uint32_t below) {
    rtnl::Link made = link(ifindex, ifname, "macvlan");
    made.link = below;
    return made;
}

std::string_view name_of(const Journal& journal, const rtnl::Key& key, std::uint32_t mentioned) {
    static std::string kept;
    kept = journal.state.table().find(key)->name_of(mentioned);
    return kept;
}

TEST(Names, ARowKnowsTheNameAndKindOfItsLink) {
    Journal journal;
    journal.live(there(link(2, "br0", "bridge")));
    journal.live(there(inet(2, 1)));
    EXPECT_EQ(journal.last().after->ifname, "br0");
    EXPECT_EQ(journal.last().after->link_kind, "bridge");
}

TEST(Names, ARenameIsFollowedByTheRowsThatCarryTheName) {
    Journal journal;
    journal.live(there(link(2, "br0", "bridge")));
    journal.live(there(inet(2, 1)));
    journal.live(there(port(3, "eth0", 2)));
    journal.live(there(link(4, "eth1")));
    journal.told();

    journal.live(there(link(2, "br-lan", "bridge")), 7);
    EXPECT_EQ(journal.told(),
              (Words{"live changed br-lan", "derived changed 192.0.2.1 on br-lan", "derived changed eth0"}));
    EXPECT_EQ(name_of(journal, rtnl::link_key(3), 2), "br-lan");
    EXPECT_EQ(journal.last().before->name_of(2), "br0");
    EXPECT_EQ(journal.last().at, at(7));
    EXPECT_EQ(journal.last().not_before, state::Time{});
}

TEST(Names, ASwapOfTwoNamesIsTold) {
    Journal journal;
    journal.live(there(link(2, "eth0")));
    journal.live(there(link(3, "eth1")));
    journal.live(there(port(4, "veth0", 2)));
    journal.live(there(link(2, "tmp")));
    journal.live(there(link(3, "eth0")));
    journal.live(there(link(2, "eth1")));
    EXPECT_EQ(name_of(journal, rtnl::link_key(4), 2), "eth1");
}

TEST(Names, ANameThatComesLaterIsFilledIn) {
    Journal journal;
    journal.live(there(above(3, "mac0", 2)));
    EXPECT_EQ(name_of(journal, rtnl::link_key(3), 2), "");
    journal.told();
    journal.live(there(link(2, "eth0")));
    EXPECT_EQ(journal.told(), (Words{"live added eth0", "derived changed mac0"}));
    EXPECT_EQ(name_of(journal, rtnl::link_key(3), 2), "eth0");
}

TEST(Names, ANameIsTakenBackBehindItsLinksRemoval) {
    Journal journal;
    journal.live(there(link(2, "br0", "bridge")));
    journal.live(there(port(3, "eth0", 2)));
    journal.told();
    journal.live(gone(link(2, "br0")));
    EXPECT_EQ(journal.told(), (Words{"live removed br0", "derived changed eth0"}));
    EXPECT_EQ(name_of(journal, rtnl::link_key(3), 2), "");
}

TEST(Names, ALinkThatSpeaksOfAnotherNoMoreIsLeftAlone) {
    Journal journal;
    journal.live(there(link(2, "br0", "bridge")));
    journal.live(there(port(3, "eth0", 2)));
    journal.live(there(port(3, "eth0", 0)));
    journal.told();
    journal.live(there(link(2, "br1", "bridge")));
    EXPECT_EQ(journal.told(), Words{"live changed br1"});
    journal.live(gone(link(3, "eth0")));
    journal.live(there(link(2, "br2", "bridge")));
    EXPECT_EQ(journal.told(), (Words{"live removed eth0", "live changed br2"}));
}

TEST(Names, OfAnotherNamespaceAreNotMistakenForOurs) {
    Journal journal;
    journal.live(there(link(2, "eth0")));
    rtnl::Link pair = above(3, "veth0", 2);
    pair.link_netnsid = 0;  // its peer has index 2 there
    journal.live(there(pair));
    EXPECT_EQ(name_of(journal, rtnl::link_key(3), 2), "");
}

TEST(Names, ARenameLearntLateIsFollowedAllTheSame) {
    Journal journal;
    journal.live(there(link(2, "eth0")));
    journal.live(there(inet(2, 1)));
    journal.told();
    journal.learn(there(link(2, "eth9")), Origin::resync);
    EXPECT_EQ(journal.told(), (Words{"resync changed eth9", "derived changed 192.0.2.1 on eth9"}));
}

}  // namespace
}  // namespace nlwatch::test
