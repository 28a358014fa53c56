#include "sink/back_off.hpp"

#include <gtest/gtest.h>

namespace nlwatch::sink {
namespace {

using namespace std::chrono_literals;

constexpr BackOff::Limits limits{.first = 1s, .most = 60s};

TEST(BackOff, DoublesItsCeilingUpToTheMost) {
    BackOff back_off(limits);
    for (const auto ceiling : {1s, 2s, 4s, 8s, 16s, 32s, 60s, 60s})
        EXPECT_EQ(back_off.failed(0.5), ceiling / 2.0);
    EXPECT_EQ(back_off.failures(), 8u);
}

TEST(BackOff, PausesForAnythingBetweenNothingAndTheCeiling) {
    BackOff back_off(limits);
    for (int i = 0; i < 6; ++i) EXPECT_EQ(back_off.failed(0), 0s);
    const auto nearly = back_off.failed(0.999'999);
    EXPECT_GT(nearly, 59s);
    EXPECT_LT(nearly, 60s);
}

TEST(BackOff, KeepsItsCeilingThroughTenThousandFailures) {
    BackOff back_off(limits);
    for (int i = 0; i < 10'000; ++i) back_off.failed(0.5);
    EXPECT_EQ(back_off.failed(0.5), 30s);
    EXPECT_EQ(back_off.failures(), 10'001u);
}

TEST(BackOff, StartsAnewWhenReset) {
    BackOff back_off(limits);
    for (int i = 0; i < 5; ++i) back_off.failed(0.5);
    back_off.reset();
    EXPECT_EQ(back_off.failures(), 0u);
    EXPECT_EQ(back_off.failed(0.5), 500ms);
}

}  // namespace
}  // namespace nlwatch::sink
