#include "scrape/turns.hpp"

#include <gtest/gtest.h>
#include <time.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <stdexcept>
#include <thread>

namespace nlwatch::scrape {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

std::uint64_t count(const Turns& turns) {
    std::uint64_t all = 0;
    for (std::size_t bucket = 0; bucket <= turns.stalls().bounds().size(); ++bucket)
        all += turns.stalls().count(bucket);
    return all;
}

void work_for(std::chrono::nanoseconds cpu) {
    const auto now = [] {
        timespec time{};
        ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
        return std::chrono::seconds{time.tv_sec} + std::chrono::nanoseconds{time.tv_nsec};
    };
    for (const auto end = now() + cpu; now() < end;) {
    }
}

TEST(Turns, EndWhenNothingIsLeft) {
    boost::asio::io_context io{1};
    int handled = 0;
    for (int i = 0; i < 3; ++i) boost::asio::post(io, [&] { ++handled; });
    Turns turns;
    turns.run(io);
    EXPECT_EQ(handled, 3);
    EXPECT_TRUE(io.stopped());
}

TEST(Turns, EndWhenTheLoopIsStopped) {
    boost::asio::io_context io{1};
    const auto work = boost::asio::make_work_guard(io);
    bool after = false;
    boost::asio::post(io, [&] { io.stop(); });
    boost::asio::post(io, [&] { after = true; });
    Turns{}.run(io);
    EXPECT_FALSE(after);
}

TEST(Turns, LetWhatIsThrownThrough) {
    boost::asio::io_context io{1};
    boost::asio::post(io, [] { throw std::runtime_error("a bug"); });
    EXPECT_THROW(Turns{}.run(io), std::runtime_error);
}

// By the wall clock: a turn that blocks keeps the others waiting just so.
TEST(Turns, ThatBlockAreStalls) {
    boost::asio::io_context io{1};
    boost::asio::post(io, [] { std::this_thread::sleep_for(3ms); });
    Turns turns;
    turns.run(io);
    EXPECT_EQ(count(turns), 1u);
    EXPECT_GE(turns.stalls().sum(), 3ms);
}

// The sleep is no stall, however long; what is worked behind it is.
TEST(Turns, ThatEndASleepAreMeasuredWithoutIt) {
    boost::asio::io_context io{1};
    boost::asio::steady_timer timer{io, 200ms};
    Clock::time_point woken;
    timer.async_wait([&](boost::system::error_code) {
        woken = Clock::now();
        work_for(3ms);
    });
    Turns turns;
    turns.run(io);
    EXPECT_EQ(count(turns), 1u);
    EXPECT_GE(turns.stalls().sum(), 3ms);
    EXPECT_LT(turns.stalls().sum(), Clock::now() - woken + 100ms);
}

}  // namespace
}  // namespace nlwatch::scrape
