// One pass over a kernel that changes meanwhile, and over a table that is wrong in every way: what it does
// not hand back to be dumped again is the truth, and it takes nothing that lives for gone.
//
// The lives of model_test.cpp come to whole resyncs; here each pass has to repair ghosts, gaps and old
// values.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

#include "support/journal.hpp"
#include "unit/kernel/model_kernel.hpp"

namespace nlwatch::test {
namespace {

namespace gen = rc::gen;
using state::Pass;

class Window {
public:
    // How much changes between any two steps.
    Window(const ModelKernel::Style& style, std::uint32_t seed, std::uint32_t pace)
        : random_(seed), pace_(pace), kernel_(style, random_) {
        change(150);
        learn_wrongly();
        change(20);
        overlook();  // so that what the table holds is old, too
    }

    void pass(const std::vector<Pass::Part>& parts) {
        pass_.emplace(journal_.state, state::NetworkState::Learnt{state::Origin::resync, at(0), {}});
        for (const Pass::Part& part : parts)
            kernel_.dump(
                part, *pass_, [&] { change(pace_); }, [&] { read(random_() % 6); });
        drain();
        pass_->close();
        const std::map<rtnl::Key, rtnl::Update> alive = kernel_.truth();
        const std::size_t told = journal_.changes().size();
        while (!pass_->settle(journal_.state, 1 + random_() % 20, at(0))) {
            change(pace_);
            read(random_() % 4);
        }
        incomplete_ = pass_->incomplete();
        pass_.reset();
        expect_dead(alive, told);
        drain();
    }
    void calm() { pace_ = 0; }

    const std::vector<Pass::Part>& incomplete() const { return incomplete_; }

    // All that the pass did not hand back.
    void expect_truth() {
        const std::map<rtnl::Key, rtnl::Update> truth = kernel_.truth();
        std::set<rtnl::Key> keys;
        for (const auto& [key, update] : truth) keys.insert(key);
        const state::Table& table = journal_.state.table();
        for (state::RowPtr row = table.at_or_after({}); row; row = table.after(row->key))
            keys.insert(row->key);
        for (const rtnl::Key& key : keys) {
            if (handed_back(key)) continue;
            const state::RowPtr row = table.find(key);
            const auto found = truth.find(key);
            RC_ASSERT((row != nullptr) == (found != truth.end()));
            if (row) RC_ASSERT(row->object == found->second.object);
        }
    }

private:
    bool handed_back(const rtnl::Key& key) const {
        const auto covers = [&](const Pass::Part& part) {
            return part.kind == key.kind && part.family == key.family &&
                   (part.ifindex == 0 || part.ifindex == key.ifindex);
        };
        return std::ranges::any_of(incomplete_, covers);
    }

    void change(std::uint32_t most) {
        for (std::uint32_t n = most == 0 ? 0 : random_() % (most + 1); n > 0; --n) kernel_.change();
    }

    // Of what there is, some is not known and some known as it was; and there is what never was.
    void learn_wrongly() {
        overlook();
        const auto learn = [&](const rtnl::Update& update) { journal_.learn(update, state::Origin::resync); };
        for (auto [key, update] : kernel_.truth()) {
            if (random_() % 8 == 0) continue;
            if (const rtnl::Address* held = rtnl::as_address(update.object); held && random_() % 8 == 0) {
                rtnl::Address other = *held;
                other.scope = 77;
                update.object = other;
            }
            learn(update);
        }
        for (std::uint32_t ghost = 900; ghost < 902; ++ghost) {
            learn(there(link(ghost, "ghost")));
            learn(there(inet(ghost, 1)));
        }
        for (std::uint8_t host = 200; host < 204; ++host) {
            learn(there(inet(1 + random_() % 6, host)));
            learn(there(inet6(1 + random_() % 6, host)));
        }
        journal_.state.after_loss(true);
    }

    void read(std::uint32_t most) {
        for (; most > 0; --most) {
            const auto update = kernel_.event();
            if (!update) return;
            if (pass_) pass_->event(*update);
            journal_.live(*update);
        }
    }
    void drain() { read(UINT32_MAX); }
    void overlook() {
        while (kernel_.event()) {
        }
    }

    void expect_dead(const std::map<rtnl::Key, rtnl::Update>& alive, std::size_t since) {
        for (std::size_t i = since; i < journal_.changes().size(); ++i) {
            const state::Change& change = journal_.changes()[i];
            if (change.op() == state::Op::removed && change.origin == state::Origin::resync)
                RC_ASSERT(!ModelKernel::was_alive(change, alive));
        }
    }

    std::mt19937 random_;
    std::uint32_t pace_;
    ModelKernel kernel_;
    Journal journal_;
    std::optional<Pass> pass_;
    std::vector<Pass::Part> incomplete_;
};

// Not by RapidCheck's size: small kernels have too little to go wrong.
template <class T>
T between(T first, T last) {
    return *gen::resize(rc::kNominalSize, gen::inRange<T>(first, last + 1));
}

RC_GTEST_PROP(Pass, ProvesTheTruthOfAllButWhatItHandsBack, ()) {
    const ModelKernel::Style style{.by_hash = *gen::arbitrary<bool>(),
                                   .done_with_rows = *gen::arbitrary<bool>(),
                                   .rows_per_datagram = between<std::size_t>(1, 6),
                                   .queue = 1'000'000,
                                   .links = between<std::uint32_t>(2, 16),
                                   .addresses = between<std::size_t>(1, 20)};
    const auto pace = between<std::uint32_t>(0, 3);
    const auto seed = *gen::arbitrary<std::uint32_t>();
    for (std::uint32_t n = 0; n < 10; ++n) {
        Window window{style, seed + n, pace};
        window.pass(Pass::everything());
        window.expect_truth();
        // What it handed back, while all goes on changing, and then in a quiet moment; a link found to be
        // another takes one pass more.
        for (int passes = 0; passes < 5 && !window.incomplete().empty(); ++passes) {
            window.pass(std::vector{window.incomplete()});
            window.expect_truth();
            if (passes == 1) window.calm();
        }
        RC_ASSERT(window.incomplete().empty());
    }
}

}  // namespace
}  // namespace nlwatch::test
