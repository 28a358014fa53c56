// Sync machine, pass and table against a model kernel: whatever is lost, and however its dumps skip and
// repeat rows, what is called settled is the truth, and nothing that lives is taken for gone.
#include <gtest/gtest.h>

#include "kernel/sync_machine.hpp"
#include "support/journal.hpp"
#include "unit/kernel/model_kernel.hpp"

namespace nlwatch::test {
namespace {

using kernel::SyncMachine;
using state::Origin;
using state::Time;
using std::chrono::microseconds;
using std::chrono::milliseconds;

// What the follower does, with the model in the place of the sockets. Between any two steps the kernel may
// change.
class Simulation {
public:
    Simulation(const ModelKernel::Style& style, unsigned seed)
        : random_(seed),
          pace_(1 + seed % 8),
          kernel_(style, random_),
          machine_({milliseconds{20}, milliseconds{500}}, now_) {}

    void churn(int steps) {
        for (int i = 0; i < steps && !testing::Test::HasFatalFailure(); ++i) step();
    }
    // No change any more: it must come to rest, and in the truth.
    void come_to_rest() {
        changes_ = false;
        const std::uint64_t passes = machine_.counters().all();
        while (!testing::Test::HasFatalFailure() && !resting()) {
            ASSERT_LT(machine_.counters().all() - passes, 12u) << "does not come to rest";
            step();
        }
        expect_truth();
    }

    const SyncMachine::Counters& passes() const { return machine_.counters(); }
    std::uint64_t dropped() const { return kernel_.dropped(); }

private:
    bool resting() const { return at_rest_ && machine_.settled(); }

    void step() {
        now_ += microseconds{random_() % 300};
        at_rest_ = false;
        const SyncMachine::Action action = machine_.next(now_);
        switch (action.what) {
            case SyncMachine::Do::wait:
                wait(action.until);
                break;
            case SyncMachine::Do::drain:
                change(1);
                read(4);
                break;
            case SyncMachine::Do::barrier:
                change(2);
                random_() % 50 == 0 ? machine_.unanswered(now_) : machine_.answered(now_);
                break;
            case SyncMachine::Do::open_pass:
                pass_.emplace(journal_.state, state::NetworkState::Learnt{action.origin, now_, {}});
                break;
            case SyncMachine::Do::dump:
                kernel_.dump(
                    action.part, *pass_, [&] { change(2); }, [&] { read(random_() % 6); });
                machine_.answered(now_);
                break;
            case SyncMachine::Do::close_pass:
                settle();
                break;
            case SyncMachine::Do::drop_pass:
                pass_.reset();
                break;
            case SyncMachine::Do::grow:
            case SyncMachine::Do::begin_resync:
            case SyncMachine::Do::end_resync:
                break;
        }
    }

    void wait(Time until) {
        change(6);
        if (!read(8)) return;
        at_rest_ = !changes_;
        now_ = std::min(until, now_ + milliseconds{random_() % 10});
    }

    // Now and then the reader is held up while much changes.
    void change(std::uint32_t most) {
        if (!changes_ || random_() % pace_ != 0) return;
        if (random_() % 100 == 0) most = 60;
        for (std::uint32_t n = random_() % (most + 1); n > 0; --n) kernel_.change();
    }

    // Some events; true if the queue was seen empty, and no loss was told.
    bool read(std::uint32_t most) {
        for (; most > 0; --most) {
            if (kernel_.overrun()) {
                machine_.lost(kernel::Cause::overrun, now_);
                journal_.state.after_loss(true);
            }
            const std::optional<rtnl::Update> update = kernel_.event();
            if (!update) {
                machine_.drained(now_);
                return true;
            }
            if (pass_) pass_->event(*update);
            journal_.live(*update);
        }
        return false;
    }

    void settle() {
        const std::map<rtnl::Key, rtnl::Update> alive = kernel_.truth();
        pass_->close();
        journal_.told();
        for (bool done = false; !done;) {
            const std::size_t before = journal_.changes().size();
            done = pass_->settle(journal_.state, 1 + random_() % 20, now_);
            expect_dead(alive, before);
            change(1);
            read(random_() % 3);
        }
        machine_.passed(pass_->incomplete(), now_);
        pass_.reset();
        if (!machine_.settled()) return;
        journal_.state.after_loss(false);
        // What is called settled is what was, plus what the kernel has said since.
        changes_at_settled_ = changes_;
        changes_ = false;
        while (!read(100)) {
        }
        changes_ = changes_at_settled_;
        if (machine_.settled()) expect_truth();
    }

    void expect_dead(const std::map<rtnl::Key, rtnl::Update>& alive, std::size_t since) {
        for (std::size_t i = since; i < journal_.changes().size(); ++i) {
            const state::Change& change = journal_.changes()[i];
            if (change.op() != state::Op::removed || change.origin == Origin::derived) continue;
            ASSERT_FALSE(ModelKernel::was_alive(change, alive)) << words(change) << ", though it lives";
        }
    }

    void expect_truth() {
        std::size_t rows = 0;
        for (const auto& [key, update] : kernel_.truth()) {
            const state::RowPtr row = journal_.state.table().find(key);
            ASSERT_TRUE(row) << "settled without " << name(update);
            ASSERT_TRUE(row->object == update.object) << "settled with another " << name(update);
            ++rows;
        }
        ASSERT_EQ(journal_.state.table().size(), rows) << "settled with a ghost";
        ASSERT_EQ(journal_.folded().size(), rows) << "what was told does not fold to the table";
    }

    static std::string name(const rtnl::Update& update) {
        return (update.key.kind == rtnl::Kind::link ? "link " : "an address of link ") +
               std::to_string(update.key.ifindex);
    }

    std::mt19937 random_;
    std::uint32_t pace_;  // in calm lives a single change may be all that happens in a window
    Time now_ = at(0);
    ModelKernel kernel_;
    SyncMachine machine_;
    Journal journal_;
    std::optional<state::Pass> pass_;
    bool changes_ = true, changes_at_settled_ = true, at_rest_ = false;
};

struct Lives {
    std::uint64_t settled = 0, dirty = 0, lost = 0, dropped = 0;
};

Lives live(ModelKernel::Style style, unsigned first, unsigned last) {
    Lives lives;
    const std::size_t queue = style.queue;
    for (unsigned seed = first; seed < last && !testing::Test::HasFatalFailure(); ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        style.rows_per_datagram = 2 + seed % 5;
        style.done_with_rows = seed % 2;
        style.queue = queue + seed % 16;
        Simulation simulation{style, seed};
        for (int storms = 0; storms < 3; ++storms) {
            simulation.churn(300);
            simulation.come_to_rest();
        }
        lives.settled += simulation.passes().clean;
        lives.dirty += simulation.passes().dirty;
        lives.lost += simulation.passes().lost;
        lives.dropped += simulation.dropped();
    }
    return lives;
}

// The numbers only show that the lives were eventful: each of them would be 0 if a vice were missing.
void expect_eventful(const Lives& lives) {
    EXPECT_GT(lives.settled, 300u);
    EXPECT_GT(lives.dirty, 100u);
    EXPECT_GT(lives.lost, 100u);
    EXPECT_GT(lives.dropped, 1'000u);
}

TEST(Model, OfLinux618SettlesInTheTruth) { expect_eventful(live({}, 0, 200)); }

TEST(Model, OfLinux61SettlesInTheTruth) { expect_eventful(live({.by_hash = true}, 1'000, 1'200)); }

// One link with more addresses than a datagram holds, again and again.
TEST(Model, WithFewLinksAndManyAddressesSettlesInTheTruth) {
    expect_eventful(live({.links = 4, .addresses = 35}, 2'000, 2'100));
}

// Hardly anything is lost: audits and events alone.
TEST(Model, WithALargeQueueSettlesInTheTruth) {
    const Lives lives = live({.queue = 100'000}, 3'000, 3'050);
    EXPECT_GT(lives.settled, 50u);
    EXPECT_EQ(lives.dropped, 0u);
}

}  // namespace
}  // namespace nlwatch::test
