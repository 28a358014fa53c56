#include "netlink/message.hpp"

#include <gtest/gtest.h>
#include <linux/rtnetlink.h>

#include <vector>

#include "netlink/request.hpp"
#include "support/cut.hpp"
#include "support/fixture.hpp"

namespace nlwatch::netlink {
namespace {

std::vector<Message> read_all(Bytes datagram, bool broken = false) {
    std::vector<Message> messages;
    MessageReader reader{datagram};
    while (auto message = reader.next()) messages.push_back(*message);
    EXPECT_EQ(reader.broken(), broken);
    EXPECT_FALSE(reader.next()) << "an end is an end";
    return messages;
}

bool same(const Message& a, const Message& b) {
    return a.type == b.type && a.flags == b.flags && a.sequence == b.sequence && a.port_id == b.port_id &&
           std::ranges::equal(a.payload, b.payload);
}

TEST(MessageReader, FindsNothingInNothing) { EXPECT_TRUE(read_all({}).empty()); }

TEST(MessageReader, ReadsTheHeader) {
    Request request{RTM_GETLINK, NLM_F_DUMP};
    request.attribute(IFLA_MTU, 1500U);
    const auto messages = read_all(request.bytes(7, 4711));
    ASSERT_EQ(messages.size(), 1U);
    EXPECT_EQ(messages[0].type, RTM_GETLINK);
    EXPECT_EQ(messages[0].flags, NLM_F_REQUEST | NLM_F_DUMP);
    EXPECT_EQ(messages[0].payload.size(), 8U);
    EXPECT_TRUE(messages[0].answers(7, 4711));
    EXPECT_FALSE(messages[0].answers(8, 4711));
    EXPECT_FALSE(messages[0].answers(7, 4712));
    EXPECT_FALSE(messages[0].dump_interrupted());
}

TEST(MessageReader, WalksAllMessagesOfADump) {
    const auto dump = test::fixture("dump_links");
    ASSERT_GE(dump.datagrams.size(), 2U);
    std::size_t in_the_first = read_all(dump.datagrams[0]).size();
    EXPECT_GT(in_the_first, 1U);
    const auto messages = dump.messages();
    for (const Message& message : messages) EXPECT_TRUE(message.flags & NLM_F_MULTI);
    EXPECT_EQ(messages.back().type, NLMSG_DONE);
    EXPECT_EQ(messages.front().type, RTM_NEWLINK);
}

TEST(MessageReader, SeesThatADumpWasInterrupted) {
    EXPECT_TRUE(read_all(Request{RTM_NEWLINK, NLM_F_DUMP_INTR}.bytes(1))[0].dump_interrupted());
}

TEST(MessageReader, TakesALastMessageWithoutPadding) {
    test::Datagram datagram(NLMSG_HDRLEN + 5);
    nlmsghdr header{};
    header.nlmsg_len = static_cast<std::uint32_t>(datagram.size());
    std::memcpy(datagram.data(), &header, sizeof header);
    const auto messages = read_all(datagram);
    ASSERT_EQ(messages.size(), 1U);
    EXPECT_EQ(messages[0].payload.size(), 5U);
}

TEST(MessageReader, StopsWhereALengthIsImpossible) {
    for (const std::uint32_t length : {0U, 1U, 15U, 17U, 0xffff'fff0U, 0xffff'ffffU}) {
        nlmsghdr good{}, bad{};
        good.nlmsg_len = sizeof good;
        bad.nlmsg_len = length;
        test::Datagram datagram(sizeof good + sizeof bad);
        std::memcpy(datagram.data(), &good, sizeof good);
        std::memcpy(datagram.data() + sizeof good, &bad, sizeof bad);
        EXPECT_EQ(read_all(datagram, true).size(), 1U) << length;
    }
}

// What a cut leaves whole is what it was; what it does not, is not there.
TEST(MessageReader, TellsATruncatedDatagram) {
    for (const auto& fixture : test::all_fixtures())
        for (const auto& datagram : fixture.datagrams) {
            const auto whole = read_all(datagram);
            for (std::size_t size = 0; size < datagram.size(); ++size) {
                const test::Cut cut{datagram, size};
                MessageReader reader{cut.bytes()};
                std::size_t count = 0, end = 0;
                while (const auto message = reader.next()) {
                    ASSERT_LT(count, whole.size());
                    ASSERT_TRUE(same(*message, whole[count])) << fixture.name << " cut to " << size;
                    end += aligned(sizeof(nlmsghdr) + message->payload.size());
                    ++count;
                }
                // Not broken only where the cut is between two messages, or in the padding of one.
                ASSERT_EQ(reader.broken(), size > end) << fixture.name << " cut to " << size;
            }
        }
}

}  // namespace
}  // namespace nlwatch::netlink
