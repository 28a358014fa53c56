#include "rate_limit.hpp"

#include <gtest/gtest.h>

namespace nlwatch {
namespace {

using namespace std::chrono_literals;

TEST(RateLimit, SaysTheFirstFewThenHowManyItHeldBack) {
    RateLimit limit{2, 60s};
    const RateLimit::Time start{};
    EXPECT_EQ(limit.pass(start), 0u);
    EXPECT_EQ(limit.pass(start + 1s), 0u);
    for (int second = 2; second < 60; ++second)
        EXPECT_EQ(limit.pass(start + second * 1s), std::nullopt) << second;
    EXPECT_EQ(limit.pass(start + 60s), 58u);
    EXPECT_EQ(limit.pass(start + 61s), 0u);
    EXPECT_EQ(limit.pass(start + 62s), std::nullopt);
}

TEST(RateLimit, WhatComesSeldomIsAlwaysSaid) {
    RateLimit limit{1, 60s};
    for (int hour = 0; hour < 10; ++hour) EXPECT_EQ(limit.pass(RateLimit::Time{} + hour * 1h), 0u) << hour;
}

}  // namespace
}  // namespace nlwatch
