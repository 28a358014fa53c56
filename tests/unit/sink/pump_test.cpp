#include "sink/pump.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <utility>

#include "little_world.hpp"

namespace nlwatch::sink {
namespace {

namespace asio = boost::asio;

// Keeps what is delivered to it; stuck, it takes its time until it is let go.
class Receiver final : public Sink {
public:
    explicit Receiver(asio::io_context& reactor) : hold_(reactor, asio::steady_timer::time_point::max()) {}

    void frame(const backlog::Line& line, std::string& batch) override { batch += line.text; }
    bool full(const std::string& batch) const override { return batch.size() >= bytes; }
    asio::awaitable<Delivered> deliver(const std::string& batch) override {
        ++batches;
        const std::string before = batch;
        if (stuck) co_await hold_.async_wait(asio::as_tuple(asio::use_awaitable));
        EXPECT_EQ(batch, before) << "a batch under way is nobody else's";
        text += batch;
        largest = std::max(largest, batch.size());
        co_return gone ? Delivered::nobody : std::exchange(next, Delivered::yes);
    }
    void let_go() {
        stuck = false;
        hold_.cancel();
    }

    bool stuck = false, gone = false;
    Delivered next = Delivered::yes;
    std::size_t bytes = default_batch_bytes;
    int batches = 0;
    std::size_t largest = 0;
    std::string text;

private:
    asio::steady_timer hold_;
};

struct PumpTest : testing::Test {
    explicit PumpTest(std::size_t ring_bytes = 1 << 20) : world(ring_bytes) {
        world.link(2, 1500);
        world.backlog.begin();
    }
    void start(backlog::Request request = {}, std::size_t bytes = default_batch_bytes) {
        feed.emplace(world.backlog, std::move(request));
        receiver.bytes = bytes;
        auto pumped = pump(*feed, receiver, world.wake_up);
        const auto done = [this](std::exception_ptr bug) {
            EXPECT_FALSE(bug);
            ended = true;
        };
        asio::co_spawn(world.reactor, std::move(pumped), asio::bind_cancellation_slot(cancel.slot(), done));
    }
    std::vector<std::string> lines() const { return test::lines_of(receiver.text); }

    test::LittleWorld world;
    Receiver receiver{world.reactor};
    std::optional<backlog::Feed> feed;
    asio::cancellation_signal cancel;
    bool ended = false;
};
struct PumpFromALittleRing : PumpTest {
    PumpFromALittleRing() : PumpTest(8192) {}
};

TEST_F(PumpTest, DeliversAllThatThereIsInOneBatchThenWaits) {
    world.churn(10);
    start();
    world.settle();
    EXPECT_EQ(receiver.batches, 1);
    EXPECT_EQ(lines().size(), 4u);  // hello, snapshot.begin, a link, snapshot.end
    world.churn(10);
    world.settle();
    EXPECT_EQ(receiver.batches, 2);
    EXPECT_EQ(lines().size(), 14u);
    EXPECT_EQ(test::breach_of_order(lines()), "");
    EXPECT_FALSE(ended);
}

TEST_F(PumpTest, ABatchIsLargerThanAskedForByNoMoreThanALine) {
    start({}, 1000);
    world.churn(100);
    world.settle();
    EXPECT_EQ(lines().size(), 4u);
    world.churn(100);
    world.settle();
    EXPECT_EQ(lines().size(), 104u);
    EXPECT_GT(receiver.batches, 20);
    EXPECT_LT(receiver.largest, 1000 + world.backlog.ring().line(1).size() + 10);
}

TEST_F(PumpTest, WhatComesDuringADeliveryFollowsWithoutAnotherWakeUp) {
    receiver.stuck = true;
    start();
    world.settle();
    world.churn(3);
    world.settle();
    EXPECT_EQ(receiver.batches, 1);
    receiver.let_go();
    world.settle();
    EXPECT_EQ(receiver.batches, 2);
    EXPECT_EQ(lines().size(), 7u);
}

TEST_F(PumpTest, WhatTheSinkGivesUpIsToldByAGap) {
    backlog::Request request;
    request.snapshot = false;
    start(request);
    world.settle();
    receiver.next = Delivered::given_up;
    world.churn(3);
    world.settle();
    ASSERT_EQ(lines().size(), 5u);  // hello, the three, the gap behind them
    const std::string gap = lines().back();
    EXPECT_EQ(test::type_of(gap), "gap");
    const std::uint64_t last = world.backlog.head();
    EXPECT_NE(gap.find("\"from\":" + std::to_string(last - 2) + ",\"to\":" + std::to_string(last)),
              std::string::npos)
        << gap;
    world.churn(1);
    world.settle();
    EXPECT_EQ(test::seq_of(lines().back()), last + 1);
}

TEST_F(PumpTest, RecordsThatAreGivenUpWithTheFirstSnapshotAreInTheGap) {
    world.churn(10);
    backlog::Feed other(world.backlog, {});
    other.next(record::Stamp::now());  // takes the snapshot, which who comes within a second shares
    const std::uint64_t head = world.backlog.head();
    world.churn(3);
    receiver.next = Delivered::given_up;
    start();
    world.settle();
    const auto told = lines();
    const auto gap = std::find_if(told.begin(), told.end(),
                                  [](const std::string& line) { return test::type_of(line) == "gap"; });
    ASSERT_NE(gap, told.end());
    EXPECT_EQ(test::seq_of(*(gap - 1)), head + 3) << "behind the batch";
    EXPECT_NE(gap->find("\"from\":" + std::to_string(head + 1) + ",\"to\":" + std::to_string(head + 3)),
              std::string::npos)
        << *gap;
}

TEST_F(PumpFromALittleRing, ASlowSinkIsOvertakenAndReadsOnWhole) {
    start();
    world.settle();
    receiver.stuck = true;
    world.churn(2);
    world.settle();
    world.churn(100);  // over the lines that are under way, several times
    world.settle();
    receiver.let_go();
    world.settle();
    EXPECT_EQ(test::breach_of_order(lines()), "");
    EXPECT_EQ(test::type_of(lines()[6]), "gap");
    EXPECT_EQ(test::seq_of(lines().back()), world.backlog.head());
}

TEST_F(PumpTest, EndsWhenTheFeedIsFinished) {
    backlog::Request request;
    request.limit = 2;
    start(request);
    world.settle();
    EXPECT_FALSE(ended);
    world.churn(5);
    world.settle();
    EXPECT_TRUE(ended);
    EXPECT_EQ(lines().size(), 6u);
}

TEST_F(PumpTest, EndsWhenThereIsNobodyToDeliverTo) {
    receiver.gone = true;
    start();
    world.settle();
    EXPECT_TRUE(ended);
    EXPECT_EQ(receiver.batches, 1);
}

TEST_F(PumpTest, EndsWhenItIsCancelledWhileItWaits) {
    start();
    world.settle();
    cancel.emit(asio::cancellation_type::terminal);
    world.settle();
    EXPECT_TRUE(ended);
}

TEST_F(PumpTest, EndsWhenItIsCancelledWhileItDelivers) {
    receiver.stuck = true;
    start();
    world.settle();
    cancel.emit(asio::cancellation_type::terminal);
    world.settle();
    EXPECT_TRUE(ended);
}

TEST_F(PumpTest, EndsWhenItIsCancelledInTheTurnThatWakesIt) {
    start();
    world.settle();
    world.churn(1);
    cancel.emit(asio::cancellation_type::terminal);
    world.settle();
    EXPECT_TRUE(ended);
}

}  // namespace
}  // namespace nlwatch::sink
