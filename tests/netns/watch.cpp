#include "netns/watch.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace nlwatch::test {

using Clock = std::chrono::steady_clock;

namespace {
constexpr std::chrono::seconds patience{10};
}

Watch::Watch(const kernel::Follower::Options& options) : follower_(io_.get_executor(), options, listener()) {
    follower_.start();
}

Watch::~Watch() {
    follower_.stop();
    io_.restart();
    io_.run();  // ends: nothing may be waiting any more
}

kernel::Follower::Listener Watch::listener() {
    kernel::Follower::Listener listener;
    listener.changed = [this](const state::Change& change) {
        folded_.take(change, table());
        told_.push_back(words(change));
    };
    listener.complete = [this] {
        ++completions_;
        EXPECT_TRUE(losses_.empty()) << "a loss was told before there was anything to lose";
    };
    listener.lost = [this](const kernel::Loss& loss) {
        EXPECT_EQ(losses_.size(), repairs_.size()) << "a resync within a resync";
        losses_.push_back(loss);
    };
    listener.repaired = [this](const kernel::Repair& repair) {
        repairs_.push_back(repair);
        EXPECT_EQ(losses_.size(), repairs_.size()) << "an end without a beginning";
        EXPECT_EQ(losses_.back().resync, repair.resync);
    };
    listener.turn_ended = [] {};
    listener.failed = [](std::exception_ptr error) { std::rethrow_exception(error); };
    return listener;
}

void Watch::until(std::string_view what, const std::function<bool()>& holds) {
    const Clock::time_point deadline = Clock::now() + patience;
    while (!holds()) {
        if (Clock::now() > deadline) {
            std::string last;
            for (std::size_t i = told_.size() - std::min<std::size_t>(told_.size(), 30); i < told_.size();
                 ++i)
                last += told_[i] + "\n";
            FAIL() << "never came: " << what << "\nlast told:\n" << last;
        }
        io_.run_one_for(std::chrono::milliseconds{20});
    }
}

void Watch::until_complete() {
    until("the first complete pass", [&] { return follower_.sync().complete(); });
}

void Watch::until_told(const std::string& change) {
    until(change, [&] { return was_told(change); });
}

void Watch::until_repaired() {
    until("a repair", [&] { return repairs_.size() > repaired_before_; });
}

void Watch::until_true() {
    std::string wrong = "not settled";
    until("the truth", [&] {
        if (follower_.sync().settled() && losses_.size() == repairs_.size())
            wrong = difference(table(), truth(talk_));
        return wrong.empty();
    });
    EXPECT_EQ(wrong, "");
    EXPECT_EQ(folded_.rows().size(), table().size()) << "what was told does not fold to the table";
}

bool Watch::was_told(std::string_view change) const {
    return std::find(told_.begin(), told_.end(), change) != told_.end();
}

}  // namespace nlwatch::test
