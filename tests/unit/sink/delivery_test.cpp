// Conversations with the delivery: it says what to do with the batch, and is told how the receiver answered.
#include "sink/delivery.hpp"

#include <gtest/gtest.h>

#include <string>

namespace nlwatch::sink {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

struct TheDelivery : testing::Test {
    TheDelivery() { delivery.begin(now); }

    // "attempt", "wait 500 ms", "expired", "stopped".
    std::string next() const {
        const Delivery::Step step = delivery.next(now);
        switch (step.what) {
            case Delivery::Do::attempt:
                return "attempt";
            case Delivery::Do::wait:
                return "wait " +
                       std::to_string(std::chrono::duration_cast<milliseconds>(step.until - now).count()) +
                       " ms";
            case Delivery::Do::expired:
                return "expired";
            case Delivery::Do::stopped:
                return "stopped";
        }
        return "";
    }

    // "delivered", "rejected", "expired", "retry", "gone".
    std::string answered(const Answer& answer, double random) {
        static constexpr const char* words[] = {"delivered", "rejected", "expired", "retry", "gone"};
        return words[static_cast<std::size_t>(delivery.answered(answer, now, random))];
    }
    std::string status(int code, double random = 0.5) {
        return answered({.kind = Answer::Kind::status, .status = code, .retry_after = {}}, random);
    }
    std::string retry_after(milliseconds span, int code = 503, double random = 0.5) {
        return answered({.kind = Answer::Kind::status, .status = code, .retry_after = span}, random);
    }
    std::string timeout(double random = 0.5) {
        return answered({.kind = Answer::Kind::timeout, .status = 0, .retry_after = {}}, random);
    }
    std::string network_error(double random = 0.5) {
        return answered({.kind = Answer::Kind::network_error, .status = 0, .retry_after = {}}, random);
    }
    bool network_returned(double random = 0.5) { return delivery.network_returned(now, random); }
    void later(state::Time::duration time) { now += time; }
    void until_the_retry() { now = delivery.retry_at().value(); }
    // Into a back-off whose ceiling is a minute.
    void fail_for_long() {
        for (int i = 0; i < 6; ++i) {
            EXPECT_EQ(status(503), "retry");
            until_the_retry();
        }
        EXPECT_EQ(next(), "attempt");
    }

    state::Time now = state::Time{} + 1000h;
    Delivery delivery{{}};
};

TEST_F(TheDelivery, DeliversOneBatchAfterAnother) {
    EXPECT_EQ(next(), "attempt");
    EXPECT_EQ(status(200), "delivered");
    delivery.begin(now);
    EXPECT_EQ(next(), "attempt");
    EXPECT_EQ(status(204), "delivered");
    EXPECT_EQ(delivery.retry_at(), std::nullopt);
}

TEST_F(TheDelivery, TriesAgainLaterAndLater) {
    EXPECT_EQ(status(503), "retry");
    EXPECT_EQ(next(), "wait 500 ms");
    later(499ms);
    EXPECT_EQ(next(), "wait 1 ms");
    later(1ms);
    EXPECT_EQ(next(), "attempt");
    EXPECT_EQ(timeout(), "retry");
    EXPECT_EQ(next(), "wait 1000 ms");
    until_the_retry();
    EXPECT_EQ(network_error(), "retry");
    EXPECT_EQ(next(), "wait 2000 ms");
    until_the_retry();
    EXPECT_EQ(status(200), "delivered");
    delivery.begin(now);
    EXPECT_EQ(status(503), "retry");
    EXPECT_EQ(next(), "wait 500 ms") << "a success is the end of the back-off";
}

TEST_F(TheDelivery, KnowsWhatMayBeRetried) {
    for (const int code : {408, 429, 500, 502, 503, 504, 507, 599}) EXPECT_EQ(status(code), "retry") << code;
    for (const int code : {0,   99,  100, 101, 199, 300, 301, 302, 304, 307, 308, 400,
                           401, 403, 404, 405, 409, 413, 422, 451, 499, 501, 600, 999})
        EXPECT_EQ(status(code), "rejected") << code;
    for (const int code : {200, 201, 202, 204, 299}) EXPECT_EQ(status(code), "delivered") << code;
}

TEST_F(TheDelivery, GoesOnWithTheNextBatchBehindARejection) {
    EXPECT_EQ(status(503), "retry");
    until_the_retry();
    EXPECT_EQ(status(503), "retry");
    until_the_retry();
    EXPECT_EQ(status(400), "rejected");
    delivery.begin(now);
    EXPECT_EQ(next(), "attempt") << "the receiver is there, and answers";
    EXPECT_FALSE(delivery.retry_at());
    EXPECT_EQ(status(503), "retry");
    EXPECT_LE(*delivery.retry_at() - now, std::chrono::seconds{1}) << "the back-off begins anew";
}

TEST_F(TheDelivery, StopsWhenTheReceiverWantsNoMore) {
    EXPECT_EQ(status(410), "gone");
    EXPECT_TRUE(delivery.stopped());
    later(48h);
    EXPECT_EQ(next(), "stopped");
    EXPECT_FALSE(network_returned());
    delivery.start_again();
    EXPECT_FALSE(delivery.stopped());
    EXPECT_EQ(next(), "attempt") << "the batch is still there, however old";
    EXPECT_EQ(status(200), "delivered");
}

TEST_F(TheDelivery, HonoursRetryAfter) {
    EXPECT_EQ(retry_after(120s), "retry");
    EXPECT_EQ(next(), "wait 120000 ms");
    until_the_retry();
    EXPECT_EQ(retry_after(10s, 429), "retry");
    EXPECT_EQ(next(), "wait 10000 ms");
    until_the_retry();
    EXPECT_EQ(retry_after(1s), "retry");
    EXPECT_EQ(next(), "wait 2000 ms") << "the back-off asks for more";
    until_the_retry();
    EXPECT_EQ(retry_after(-5s), "retry");
    EXPECT_EQ(next(), "wait 4000 ms");
}

TEST_F(TheDelivery, HonoursRetryAfterForNoMoreThanAnHour) {
    EXPECT_EQ(retry_after(milliseconds::max()), "retry");
    EXPECT_EQ(next(), "wait 3600000 ms");
    until_the_retry();
    EXPECT_EQ(next(), "attempt");
}

TEST_F(TheDelivery, DoesNotCareForTheRetryAfterOfWhatIsOver) {
    EXPECT_EQ(retry_after(120s, 200), "delivered");
    delivery.begin(now);
    EXPECT_EQ(retry_after(120s, 302), "rejected");
    delivery.begin(now);
    EXPECT_EQ(next(), "attempt");
}

TEST_F(TheDelivery, GivesUpABatchThatGetsTooOldWhileItWaits) {
    later(24h - 10s);
    EXPECT_EQ(retry_after(60s), "retry");
    EXPECT_EQ(next(), "wait 10000 ms");
    later(9'999ms);
    EXPECT_EQ(next(), "wait 1 ms");
    later(1ms);
    EXPECT_EQ(next(), "expired");
}

TEST_F(TheDelivery, GivesUpABatchThatIsTooOldWhenItFails) {
    later(24h - 1ms);
    EXPECT_EQ(status(503), "retry");
    until_the_retry();
    delivery.begin(now - 24h);
    EXPECT_EQ(next(), "attempt") << "its moment has come";
    EXPECT_EQ(status(503), "expired");
}

TEST_F(TheDelivery, TakesItsTimeWithOldEventsOfAReceiverThatIsWell) {
    delivery.begin(now - 100h);
    EXPECT_EQ(next(), "attempt");
    EXPECT_EQ(status(200), "delivered");
}

TEST_F(TheDelivery, AsksADeadReceiverNoMoreOftenHoweverManyBatchesExpire) {
    fail_for_long();
    EXPECT_EQ(network_error(), "retry");
    const state::Time retry = delivery.retry_at().value();
    for (int i = 0; i < 100; ++i) {
        delivery.begin(now - 24h);
        EXPECT_EQ(next(), "expired");
    }
    delivery.begin(now);
    EXPECT_EQ(next(), "wait 30000 ms") << "a batch waits for the same moment as the one before";
    EXPECT_EQ(delivery.retry_at(), retry);
    until_the_retry();
    EXPECT_EQ(next(), "attempt");
    EXPECT_EQ(network_error(), "retry");
    EXPECT_EQ(next(), "wait 30000 ms");
}

TEST_F(TheDelivery, TriesSoonWhenTheNetworkReturns) {
    fail_for_long();
    EXPECT_EQ(network_error(), "retry");
    later(5s);
    EXPECT_EQ(next(), "wait 25000 ms");
    EXPECT_TRUE(network_returned(0.25));
    EXPECT_EQ(next(), "wait 250 ms");
    until_the_retry();
    EXPECT_EQ(next(), "attempt");
    EXPECT_EQ(network_error(), "retry");
    EXPECT_EQ(next(), "wait 30000 ms") << "the back-off goes on where it was";
}

TEST_F(TheDelivery, TriesSoonAtMostOnceInHalfAMinute) {
    fail_for_long();
    EXPECT_EQ(network_error(), "retry");
    EXPECT_TRUE(network_returned(0));
    EXPECT_EQ(next(), "attempt");
    EXPECT_EQ(network_error(0.99), "retry");
    later(29'999ms);
    EXPECT_FALSE(network_returned());
    EXPECT_EQ(next(), "wait 29401 ms");
    later(1ms);
    EXPECT_TRUE(network_returned());
    EXPECT_EQ(next(), "wait 500 ms");
}

TEST_F(TheDelivery, NeverTriesLaterSinceTheNetworkReturned) {
    EXPECT_EQ(network_error(0.1), "retry");
    EXPECT_EQ(next(), "wait 100 ms");
    EXPECT_FALSE(network_returned(0.9));
    EXPECT_EQ(next(), "wait 100 ms");
    until_the_retry();
    fail_for_long();
    EXPECT_EQ(network_error(), "retry");
    EXPECT_TRUE(network_returned()) << "what had no effect does not count";
}

TEST_F(TheDelivery, NeverUndercutsARetryAfter) {
    EXPECT_EQ(retry_after(60s), "retry");
    EXPECT_FALSE(network_returned());
    EXPECT_EQ(next(), "wait 60000 ms");
    until_the_retry();
    fail_for_long();
    EXPECT_EQ(retry_after(2s, 429, 0.9), "retry");
    EXPECT_EQ(next(), "wait 54000 ms");
    EXPECT_TRUE(network_returned(0));
    EXPECT_EQ(next(), "wait 2000 ms");
}

TEST_F(TheDelivery, RepeatsAnAttemptSoonThatBeganBeforeTheNetworkReturned) {
    fail_for_long();
    EXPECT_FALSE(network_returned()) << "an attempt is under way, nothing waits";
    later(15s);
    EXPECT_EQ(timeout(), "retry");
    EXPECT_EQ(next(), "wait 500 ms");
    until_the_retry();
    EXPECT_EQ(timeout(), "retry");
    EXPECT_EQ(next(), "wait 30000 ms");
    EXPECT_FALSE(network_returned()) << "that was it, for half a minute";
}

TEST_F(TheDelivery, DoesNotBlameTheNetworkForWhatTheReceiverSaid) {
    fail_for_long();
    EXPECT_FALSE(network_returned());
    EXPECT_EQ(status(503), "retry");
    EXPECT_EQ(next(), "wait 30000 ms");
}

TEST_F(TheDelivery, ForgetsAReturnThatNoAttemptNeeded) {
    EXPECT_FALSE(network_returned());
    EXPECT_EQ(status(200), "delivered");
    EXPECT_FALSE(network_returned()) << "there is nothing to deliver";
    delivery.begin(now);
    fail_for_long();
    EXPECT_EQ(timeout(), "retry");
    EXPECT_EQ(next(), "wait 30000 ms");
}

TEST_F(TheDelivery, HoldsNothingAgainstAnotherReceiver) {
    fail_for_long();
    EXPECT_EQ(retry_after(1h), "retry");
    delivery.start_again();
    EXPECT_EQ(next(), "attempt");
    EXPECT_EQ(network_error(), "retry");
    EXPECT_EQ(next(), "wait 500 ms");
}

TEST(Outcome, IsCountedByWhatItMeans) {
    using Outcome = Counters::Outcome;
    const auto of_status = [](int code) {
        return outcome_of({.kind = Answer::Kind::status, .status = code, .retry_after = {}});
    };
    EXPECT_EQ(of_status(202), Outcome::success);
    for (const int code : {302, 400, 410, 501, 100}) EXPECT_EQ(of_status(code), Outcome::rejected) << code;
    for (const int code : {408, 429, 500, 503}) EXPECT_EQ(of_status(code), Outcome::server_error) << code;
    EXPECT_EQ(outcome_of({.kind = Answer::Kind::timeout, .status = 0, .retry_after = {}}), Outcome::timeout);
    EXPECT_EQ(outcome_of({.kind = Answer::Kind::network_error, .status = 0, .retry_after = {}}),
              Outcome::network_error);
}

}  // namespace
}  // namespace nlwatch::sink
