#include "sink/wake_up.hpp"

#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

namespace nlwatch::sink {
namespace {

namespace asio = boost::asio;

struct WakeUpTest : testing::Test {
    asio::awaitable<void> wait(std::uint64_t seen) {
        co_await wake_up.wait(seen);
        ++woken;
    }
    asio::io_context reactor{1};
    WakeUp wake_up{reactor.get_executor()};
    int woken = 0;
};

TEST_F(WakeUpTest, WakesAllWaitersOnceAndLater) {
    for (int i = 0; i < 256; ++i) asio::co_spawn(reactor, wait(wake_up.turn()), asio::detached);
    reactor.poll();
    EXPECT_EQ(woken, 0);
    wake_up.notify();
    EXPECT_EQ(woken, 0) << "nobody runs within notify()";
    reactor.poll();
    EXPECT_EQ(woken, 256);
}

TEST_F(WakeUpTest, ATurnBetweenTheLookAndTheWaitIsNotMissed) {
    const std::uint64_t seen = wake_up.turn();
    wake_up.notify();
    asio::co_spawn(reactor, wait(seen), asio::detached);
    reactor.poll();
    EXPECT_EQ(woken, 1);
}

TEST_F(WakeUpTest, CanBeWaitedForAgain) {
    for (int turn = 1; turn <= 3; ++turn) {
        asio::co_spawn(reactor, wait(wake_up.turn()), asio::detached);
        reactor.poll();
        EXPECT_EQ(woken, turn - 1);
        wake_up.notify();
        reactor.poll();
        EXPECT_EQ(woken, turn);
        reactor.restart();
    }
}

TEST_F(WakeUpTest, OneWaiterCanBeCancelled) {
    asio::cancellation_signal cancel;
    asio::co_spawn(reactor, wait(wake_up.turn()),
                   asio::bind_cancellation_slot(cancel.slot(), asio::detached));
    asio::co_spawn(reactor, wait(wake_up.turn()), asio::detached);
    reactor.poll();
    cancel.emit(asio::cancellation_type::terminal);
    reactor.poll();
    EXPECT_EQ(woken, 1) << "the one that was cancelled";
    wake_up.notify();
    reactor.restart();
    reactor.poll();
    EXPECT_EQ(woken, 2);
}

}  // namespace
}  // namespace nlwatch::sink
