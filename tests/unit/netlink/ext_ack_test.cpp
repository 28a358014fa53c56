#include "netlink/ext_ack.hpp"

#include <gtest/gtest.h>
#include <linux/netlink.h>

#include <cerrno>
#include <limits>

#include "support/cut.hpp"
#include "support/fixture.hpp"

namespace nlwatch::netlink {
namespace {

// The one message of an answer, and what holds its bytes.
struct Answer {
    explicit Answer(const std::string& name)
        : fixture(test::fixture("answer_" + name)), message(fixture.messages().at(0)) {}

    test::Fixture fixture;
    Message message;
};

TEST(Acknowledgement, OfSuccessIsNoError) {
    const Answer answer{"acknowledged"};
    EXPECT_EQ(answer.message.type, NLMSG_ERROR);
    const auto ack = acknowledgement(answer.message);
    ASSERT_TRUE(ack);
    EXPECT_EQ(ack->error, 0);
    EXPECT_EQ(ack->text, "");
    EXPECT_FALSE(ack->offset);
}

TEST(Acknowledgement, TellsTheKernelsWords) {
    const Answer answer{"refused_capped"};
    ASSERT_TRUE(answer.message.flags & NLM_F_CAPPED);
    const auto ack = acknowledgement(answer.message);
    ASSERT_TRUE(ack);
    EXPECT_EQ(ack->error, EINVAL);
    EXPECT_EQ(ack->text, "mtu less than device minimum");
}

TEST(Acknowledgement, FindsThemBehindTheWholeRequest) {
    const Answer answer{"refused_whole"};
    ASSERT_FALSE(answer.message.flags & NLM_F_CAPPED);
    const auto ack = acknowledgement(answer.message);
    ASSERT_TRUE(ack);
    EXPECT_EQ(ack->error, EINVAL);
    EXPECT_EQ(ack->text, "mtu less than device minimum");
}

TEST(Acknowledgement, PointsAtTheAttribute) {
    const auto ack = acknowledgement(Answer{"refused_attribute"}.message);
    ASSERT_TRUE(ack);
    EXPECT_EQ(ack->error, ERANGE);
    EXPECT_EQ(ack->offset, 16U + 16U + 8U) << "behind the header, struct ifinfomsg and one attribute";
}

TEST(Acknowledgement, OfADumpStandsInItsEnd) {
    const Answer answer{"refused_dump"};
    EXPECT_EQ(answer.message.type, NLMSG_DONE);
    const auto ack = acknowledgement(answer.message);
    ASSERT_TRUE(ack);
    EXPECT_EQ(ack->error, EINVAL);
    EXPECT_EQ(ack->text, "ipv4: Invalid values in header for address dump request");

    EXPECT_EQ(acknowledgement(Answer{"vanished"}.message)->error, ENODEV);
}

TEST(Acknowledgement, OfADumpThatWentWellIsNoError) {
    for (const char* name : {"dump_links", "dump_addresses_inet", "dump_addresses_inet6"}) {
        const auto dump = test::fixture(name);
        const auto messages = dump.messages();
        for (const Message& message : messages)
            EXPECT_EQ(acknowledgement(message).has_value(), &message == &messages.back()) << name;
        EXPECT_EQ(acknowledgement(messages.back())->error, 0) << name;
    }
}

TEST(Acknowledgement, TakesAPositiveNumberForNoError) {
    const std::int32_t rows = 12;
    EXPECT_EQ(acknowledgement({.type = NLMSG_DONE, .payload = std::as_bytes(std::span{&rows, 1})})->error, 0);
}

TEST(Acknowledgement, HasAPositiveErrorWhateverWasSent) {
    const std::int32_t least = std::numeric_limits<std::int32_t>::min();
    const Message done{NLMSG_DONE, 0, 0, 0, std::as_bytes(std::span{&least, 1})};
    EXPECT_EQ(acknowledgement(done)->error, std::numeric_limits<std::int32_t>::max());
}

TEST(Acknowledgement, SurvivesEveryTruncation) {
    for (const auto& fixture : test::all_fixtures()) {
        if (!fixture.name.starts_with("answer_")) continue;
        const Message whole = fixture.messages().at(0);
        const auto expected = acknowledgement(whole);
        ASSERT_TRUE(expected) << fixture.name;
        for (std::size_t size = 0; size < whole.payload.size(); ++size) {
            const test::Cut cut{whole.payload, size};
            Message message = whole;
            message.payload = cut.bytes();
            const auto ack = acknowledgement(message);
            if (!ack) continue;
            EXPECT_EQ(ack->error, expected->error) << fixture.name << " cut to " << size;
            EXPECT_TRUE(ack->text.empty() || ack->text == expected->text)
                << fixture.name << " cut to " << size;
            EXPECT_TRUE(!ack->offset || ack->offset == expected->offset)
                << fixture.name << " cut to " << size;
        }
    }
}

}  // namespace
}  // namespace nlwatch::netlink
