// A conversation with the sync machine: it says what to do next, and is told what came of it.
#pragma once
#include <gtest/gtest.h>

#include <string>

#include "kernel/sync_machine.hpp"

namespace nlwatch::test {

using kernel::Cause;
using kernel::SyncMachine;
using state::Pass;
using std::chrono::milliseconds;
using std::chrono::seconds;
using namespace std::chrono_literals;

inline const Pass::Part links{rtnl::Kind::link, 0, 0};
inline Pass::Part inet_of(std::uint32_t ifindex) { return {rtnl::Kind::address, AF_INET, ifindex}; }
inline Pass::Part inet6_of(std::uint32_t ifindex) { return {rtnl::Kind::address, AF_INET6, ifindex}; }

class SyncConversation : public testing::Test {
protected:
    // "drain", "open resync", "dump inet6 of 3", "wait 50 ms".
    std::string next();

    // Facts, at the moment `now`.
    bool lost(Cause cause = Cause::overrun) { return machine.lost(cause, now); }
    void drained() { machine.drained(now); }
    void answered() { machine.answered(now); }
    void unanswered() { machine.unanswered(now); }
    void passed(std::vector<Pass::Part> incomplete = {}) { machine.passed(std::move(incomplete), now); }
    void later(state::Time::duration time) { now += time; }

    // Expects what a pass does before its first dump.
    void opens(const std::string& origin);
    // Expects what a pass of these dumps does, in its order, up to "close".
    void runs(const std::vector<std::string>& dumps, const std::string& origin);
    void runs_everything(const std::string& origin);
    void first_pass();  // the one of the start, clean and taking no time

    state::Time now = state::Time{} + std::chrono::hours{1};
    SyncMachine machine{{1'000ms, 60'000ms}, now};
};

}  // namespace nlwatch::test
