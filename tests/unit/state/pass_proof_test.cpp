// Where a missing row proves that its object is gone: kernel.md §3, rule by rule.
#include <cerrno>

#include "unit/state/pass_conversation.hpp"

namespace nlwatch::test {
namespace {

// lo, and two links with an address of each family: host 1 on eth0, host 2 on eth1.
class Proof : public PassConversation {
protected:
    Proof() {
        known({there(link(1, "lo", "")), there(link(2, "eth0")), there(link(3, "eth1")), there(inet(2, 1)),
               there(inet(3, 2)), there(inet6(2, 1)), there(inet6(3, 2))});
        open();
    }
    void dump_links() {
        dump_whole(links, {there(link(1, "lo", "")), there(link(2, "eth0")), there(link(3, "eth1"))});
    }
    bool holds(const rtnl::Address& address) {
        return journal.state.table().find(key_of(address)) != nullptr;
    }
};

struct Size {
    std::size_t bytes;
    bool whole;
    friend void PrintTo(const Size& size, std::ostream* out) {
        *out << size.bytes << (size.whole ? " bytes: whole" : " bytes: perhaps resumed");
    }
};
class DatagramSize : public Proof, public testing::WithParamInterface<Size> {};

// One datagram with rows, DONE apart, and an address event of the link: only if it was surely not full.
TEST_P(DatagramSize, DecidesWhetherADumpWasResumed) {
    event(gone(inet(3, 9)));
    dump(inet_of(0), {{GetParam().bytes, {there(inet(2, 1))}}});
    close();
    settle();
    EXPECT_EQ(holds(inet(3, 2)), !GetParam().whole);
    EXPECT_EQ(incomplete(), GetParam().whole ? Words{} : Words{"inet of 3"});
}

INSTANTIATE_TEST_SUITE_P(Sizes, DatagramSize,
                         testing::Values(Size{20, true}, Size{2'048, true}, Size{2'049, false},
                                         Size{4'096, false}, Size{4'097, true}, Size{24'576, true},
                                         Size{24'577, false}, Size{32'000, false}),
                         [](const auto& size) { return std::to_string(size.param.bytes) + "_bytes"; });

TEST_F(Proof, ADatagramWithDoneInItIsAllThereWas) {
    event(gone(inet(3, 9)));
    dump(inet_of(0), {{full, {there(inet(2, 1))}, true}});
    close();
    EXPECT_EQ(settle(), Words{"resync removed 192.0.2.2 on eth1"});
    EXPECT_EQ(incomplete(), Words{});
}

TEST_F(Proof, DoneInTheSecondDatagramProvesNothingAboutTheFirst) {
    event(gone(inet(3, 9)));
    dump(inet_of(0), {{full, {there(inet(2, 1))}}, {small, {there(inet(2, 5))}, true}});
    close();
    settle();
    EXPECT_TRUE(holds(inet(3, 2)));
    EXPECT_EQ(incomplete(), Words{"inet of 3"});
}

TEST_F(Proof, ADumpWithoutRowsIsWhole) {
    event(there(inet(3, 9)));
    dump(inet_of(0), {});
    close();
    EXPECT_EQ(settle(), (Words{"resync removed 192.0.2.1 on eth0", "resync removed 192.0.2.2 on eth1"}));
    EXPECT_TRUE(holds(inet(3, 9)));
    EXPECT_EQ(incomplete(), Words{});
}

// Links: no DELLINK in the window, or a whole dump.
TEST_F(Proof, LinksAreCompleteWhileNoneIsDeleted) {
    event(there(link(4, "eth2")));
    dump(links, {{full, {there(link(1, "lo", ""))}}, {full, {there(link(2, "eth0"))}}});
    close();
    EXPECT_EQ(settle(), (Words{"derived removed 192.0.2.2 on eth1 (link_removed)",
                               "derived removed 2001:db8::2 on eth1 (link_removed)", "resync removed eth1"}));
    EXPECT_NE(journal.state.table().find(rtnl::link_key(4)), nullptr);
    EXPECT_EQ(incomplete(), Words{});
}

TEST_F(Proof, LinksAreIncompleteWhenOneIsDeletedMeanwhile) {
    event(gone(link(2, "eth0")));
    dump(links, {{full, {there(link(1, "lo", ""))}}, {full, {there(link(2, "eth0"))}}});
    close();
    EXPECT_EQ(settle(), Words{});
    EXPECT_NE(journal.state.table().find(rtnl::link_key(3)), nullptr);
    EXPECT_EQ(incomplete(), Words{"links"});
}

TEST_F(Proof, AWholeDumpOfLinksIsCompleteAllTheSame) {
    event(gone(link(2, "eth0")));
    dump_whole(links, {there(link(1, "lo", ""))});
    close();
    settle();
    EXPECT_EQ(journal.state.table().find(rtnl::link_key(3)), nullptr);
    EXPECT_EQ(incomplete(), Words{});
}

// Addresses of all links, resumed: link by link.
TEST_F(Proof, AQuietLinksAddressesAreComplete) {
    dump_links();
    dump(inet_of(0), {{full, {there(inet(2, 1))}}, {small, {there(inet(2, 3))}}});
    close();
    EXPECT_EQ(settle(), (Words{"resync added 192.0.2.3 on eth0", "resync removed 192.0.2.2 on eth1"}));
    EXPECT_EQ(incomplete(), Words{});
}

TEST_F(Proof, AnAddressEventMakesItsLinkIncompleteAndNoOther) {
    dump_links();
    event(there(inet(3, 9)));
    dump(inet_of(0), {{full, {there(inet(1, 1))}}, {small, {there(inet(3, 9))}}});
    close();
    EXPECT_EQ(settle(), (Words{"resync added 192.0.2.1 on lo", "resync removed 192.0.2.1 on eth0"}));
    EXPECT_TRUE(holds(inet(3, 2)));
    EXPECT_EQ(incomplete(), Words{"inet of 3"});
}

TEST_F(Proof, AnEventOfTheOtherFamilyDoesNotMatter) {
    event(gone(inet6(2, 1)));
    event(gone(inet6(3, 2)));
    dump(inet_of(0), {{full, {there(inet(2, 7))}}, {small, {there(inet(3, 7))}}});
    close();
    settle();
    EXPECT_FALSE(holds(inet(2, 1)));
    EXPECT_FALSE(holds(inet(3, 2)));
    EXPECT_EQ(incomplete(), Words{});
}

TEST_F(Proof, ADeletedLinkMakesTheAddressesOfEveryLinkIncomplete) {
    known({there(link(4, "eth2"))});
    event(gone(link(4, "eth2")));
    dump(inet_of(0), {{full, {there(inet(2, 7))}}, {small, {there(inet(3, 7))}}});
    close();
    settle();
    EXPECT_TRUE(holds(inet(2, 1)));
    EXPECT_TRUE(holds(inet(3, 2)));
    EXPECT_EQ(incomplete(), (Words{"inet of 1", "inet of 2", "inet of 3"}));
}

// Since Linux 6.9: the link at which a datagram ended loses its addresses, and the count of its rows that
// were already sent is carried over to the next link, whose rows are skipped.
TEST_F(Proof, ACountCarriedOverMakesTheAddressesOfEveryLinkIncomplete) {
    event(gone(inet6(2, 1)));
    dump(inet6_of(0), {{full, {there(inet6(2, 5)), there(inet6(2, 1))}}, {small, {there(inet6(3, 7))}}});
    close();
    settle();
    EXPECT_TRUE(holds(inet6(3, 2)));
    EXPECT_EQ(incomplete(), (Words{"inet6 of 1", "inet6 of 2", "inet6 of 3"}));
}

TEST_F(Proof, OnlyTheLinkAtWhichADatagramEndedCarriesOver) {
    event(gone(inet6(2, 1)));
    dump(inet6_of(0), {{full, {there(inet6(2, 1)), there(inet6(3, 7))}}, {small, {there(inet6(3, 8))}}});
    close();
    settle();
    EXPECT_FALSE(holds(inet6(3, 2)));
    EXPECT_EQ(incomplete(), Words{"inet6 of 2"});
}

TEST_F(Proof, AnAddedAddressCarriesNothingOver) {
    event(there(inet6(2, 8)));
    dump(inet6_of(0), {{full, {there(inet6(2, 1))}}, {small, {there(inet6(3, 7))}}});
    close();
    settle();
    EXPECT_FALSE(holds(inet6(3, 2)));
    EXPECT_EQ(incomplete(), Words{"inet6 of 2"});
}

TEST_F(Proof, EveryCutCounts) {
    event(gone(inet6(3, 2)));
    dump(inet6_of(0),
         {{full, {there(inet6(2, 1))}}, {full, {there(inet6(3, 2))}}, {small, {there(inet6(4, 7))}}});
    close();
    EXPECT_EQ(settle(), Words{});
    EXPECT_EQ(incomplete(), (Words{"links", "inet6 of 1", "inet6 of 2", "inet6 of 3", "inet6 of 4"}));
}

// All rows that were still to come may be skipped so: then DONE comes alone, and the last datagram with rows
// is cut.
TEST_F(Proof, ACutMayHaveNothingBehindIt) {
    event(gone(inet6(2, 1)));
    dump(inet6_of(0), {{full, {there(inet6(2, 1))}}});
    close();
    settle();
    EXPECT_TRUE(holds(inet6(3, 2)));
    EXPECT_EQ(incomplete(), (Words{"inet6 of 1", "inet6 of 2", "inet6 of 3"}));
}

TEST_F(Proof, AnEndThatWasSurelyNotFullIsNoCut) {
    event(gone(inet6(2, 1)));
    dump(inet6_of(0), {{full, {there(inet6(3, 7))}}, {small, {there(inet6(2, 1))}}});
    close();
    settle();
    EXPECT_FALSE(holds(inet6(3, 2)));
    EXPECT_EQ(incomplete(), Words{"inet6 of 2"});
}

// The addresses of one link.
TEST_F(Proof, ALinksOwnDumpIsCompleteWhileItIsQuiet) {
    event(gone(inet(2, 9)));
    event(gone(link(4, "eth2")));
    dump(inet_of(3), {{full, {there(inet(3, 7))}}, {full, {there(inet(3, 8))}}});
    close();
    settle();
    EXPECT_FALSE(holds(inet(3, 2)));
    EXPECT_EQ(incomplete(), Words{});
}

TEST_F(Proof, ALinksOwnDumpIsIncompleteAfterAnEventOnIt) {
    event(gone(inet(3, 9)));
    dump(inet_of(3), {{full, {there(inet(3, 7))}}, {full, {there(inet(3, 8))}}});
    close();
    settle();
    EXPECT_TRUE(holds(inet(3, 2)));
    EXPECT_EQ(incomplete(), Words{"inet of 3"});
}

TEST_F(Proof, ALinksOwnDumpThatIsWholeIsComplete) {
    event(gone(inet(3, 9)));
    dump_whole(inet_of(3), {there(inet(3, 7))});
    close();
    settle();
    EXPECT_FALSE(holds(inet(3, 2)));
    EXPECT_EQ(incomplete(), Words{});
}

TEST_F(Proof, ALinksOwnDumpIsIncompleteWhenTheLinkGoes) {
    event(gone(link(3, "eth1")));
    dump(inet_of(3), {{full, {there(inet(3, 7))}}, {full, {there(inet(3, 8))}}});
    close();
    EXPECT_EQ(settle(), Words{});
    EXPECT_EQ(incomplete(), Words{"inet of 3"});
}

TEST_F(Proof, AVanishedLinkHasNoAddressesButIsNoProofAboutItself) {
    dump(inet_of(3), {}, ENODEV);
    close();
    EXPECT_EQ(settle(), Words{"resync removed 192.0.2.2 on eth1"});
    EXPECT_NE(journal.state.table().find(rtnl::link_key(3)), nullptr);
    EXPECT_EQ(incomplete(), Words{});
}

// Errors.
TEST_F(Proof, AFailedDumpProvesNothingButItsRowsAreTaken) {
    dump(inet_of(0), {{small, {there(inet(2, 5))}}}, EIO);
    dump(links, {{small, {there(link(5, "eth3"))}}}, ENOMEM);
    close();
    EXPECT_EQ(settle(), (Words{"resync added eth3", "resync added 192.0.2.5 on eth0"}));
    EXPECT_EQ(incomplete(), (Words{"links", "inet of all"}));
}

TEST_F(Proof, ADumpOfEverythingThatFindsNoDeviceHasFailed) {
    dump(inet_of(0), {}, ENODEV);
    close();
    EXPECT_EQ(settle(), Words{});
    EXPECT_EQ(incomplete(), Words{"inet of all"});
}

TEST_F(Proof, IncompletePartsComeInTheOrderOfDumpsEachOnce) {
    dump(inet6_of(3), {}, EIO);
    dump(inet_of(0), {}, EIO);
    dump(links, {}, EIO);
    event(there(inet(9, 1)));
    event(there(inet(9, 2)));
    close();
    settle();
    EXPECT_EQ(incomplete(), (Words{"links", "inet of all", "inet of 9", "inet6 of 3"}));
}

// A row that could not be read may have been of any object of its part.
TEST_F(Proof, AnUnreadableRowProvesNothingGone) {
    dump_links();
    pass->row(there(inet(2, 7)));
    pass->unreadable_row(inet_of(0));
    pass->datagram(inet_of(0), small, 2, true);
    pass->dumped(inet_of(0), 0);
    dump_whole(inet6_of(0), {});
    close();
    EXPECT_EQ(settle(), (Words{"resync added 192.0.2.7 on eth0", "resync removed 2001:db8::1 on eth0",
                               "resync removed 2001:db8::2 on eth1"}));
    EXPECT_TRUE(holds(inet(3, 2)));
    EXPECT_EQ(incomplete(), Words{"inet of all"});
}

TEST_F(Proof, AnUnreadableRowAloneIsNoEmptyDump) {
    pass->unreadable_row(links);
    pass->datagram(links, small, 0, false);
    pass->dumped(links, 0);
    close();
    EXPECT_EQ(settle(), Words{});
    EXPECT_EQ(incomplete(), Words{"links"});
}

}  // namespace
}  // namespace nlwatch::test
