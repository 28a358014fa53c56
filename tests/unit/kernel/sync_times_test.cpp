// When passes run: retries, audits, and the pauses between them.
#include "unit/kernel/sync_conversation.hpp"

namespace nlwatch::test {
namespace {

using TheMachine = SyncConversation;

TEST_F(TheMachine, LooksAgainAtIncompletePartsAlone) {
    EXPECT_EQ(next(), "drain");
    drained();
    runs_everything("audit");
    passed({links, inet_of(3), inet6_of(4)});
    EXPECT_FALSE(machine.settled());
    runs({"links", "inet of 3", "inet6 of 4"}, "audit");
    passed({inet6_of(4)});
    EXPECT_FALSE(machine.complete()) << "nothing would tell readers when what is in doubt is settled";
    runs({"inet6 of 4"}, "audit");
    passed();
    EXPECT_TRUE(machine.complete());
    EXPECT_TRUE(machine.settled());
    EXPECT_EQ(machine.counters().dirty, 2u);
    EXPECT_EQ(machine.counters().clean, 1u);
}

TEST_F(TheMachine, LooksThreeTimesAtOnceAndThenEverMoreSlowly) {
    EXPECT_EQ(next(), "drain");
    drained();
    runs_everything("audit");
    passed({inet_of(3)});
    for (int i = 0; i < 2; ++i) {
        EXPECT_FALSE(machine.complete());
        runs({"inet of 3"}, "audit");
        passed({inet_of(3)});
    }
    EXPECT_TRUE(machine.complete()) << "rather a state in doubt than none";
    for (const int pause : {10, 20, 40, 80, 160, 320, 640, 1'000, 1'000, 1'000}) {
        EXPECT_EQ(next(), "wait " + std::to_string(pause) + " ms");
        later(milliseconds{pause});
        runs({"inet of 3"}, "audit");
        passed({inet_of(3)});
    }
}

// Neither a loss nor an audit that falls due between them begins the count anew.
TEST_F(TheMachine, IsCompleteBehindThreePassesThatHadNoLoss) {
    EXPECT_EQ(next(), "drain");
    drained();
    runs_everything("audit");
    passed({inet_of(3)});
    lost(Cause::truncated);
    EXPECT_EQ(next(), "drain");
    drained();
    runs_everything("resync");
    passed({inet_of(3)});
    EXPECT_FALSE(machine.complete());
    machine.audit_soon(now);
    later(10s);
    runs_everything("resync");
    passed({inet_of(3)});
    EXPECT_TRUE(machine.complete());
}

TEST_F(TheMachine, BacksOffFromLossesInEveryPass) {
    EXPECT_EQ(next(), "drain");
    drained();
    const auto lose_one = [&] {
        EXPECT_EQ(next(), "barrier");
        lost(Cause::truncated);
        EXPECT_EQ(next(), "drop");
        EXPECT_EQ(next(), "drain");
        drained();
    };
    lose_one();  // the audit of the start, which was no resync
    for (int i = 0; i < 2; ++i) lose_one();
    lose_one();
    EXPECT_EQ(next(), "wait 10 ms");
    later(10ms);
    lose_one();
    EXPECT_EQ(next(), "wait 20 ms");
}

TEST_F(TheMachine, LooksAtEverythingAtOnceAfterALossWhilePartsWait) {
    first_pass();
    later(10s);
    lost(Cause::truncated);
    EXPECT_EQ(next(), "begin resync");
    EXPECT_EQ(next(), "drain");
    drained();
    runs_everything("resync");
    passed({inet_of(3)});
    for (const int pause : {0, 0, 10, 20, 40, 80}) {
        later(milliseconds{pause});
        runs({"inet of 3"}, "resync");
        passed({inet_of(3)});
    }
    EXPECT_EQ(next(), "wait 160 ms");
    lost(Cause::truncated);
    EXPECT_EQ(next(), "drain");
    drained();
    runs_everything("resync");
    passed();
    EXPECT_EQ(next(), "end resync");
}

TEST_F(TheMachine, ResyncsAtMostOnceInTheInterval) {
    first_pass();
    later(10s);
    lost(Cause::truncated);
    EXPECT_EQ(next(), "begin resync");
    EXPECT_EQ(next(), "drain");
    drained();
    runs_everything("resync");
    later(100ms);
    passed();
    EXPECT_EQ(next(), "end resync");
    later(100ms);
    lost(Cause::truncated);
    EXPECT_EQ(next(), "begin resync") << "readers are told at once";
    EXPECT_EQ(next(), "drain") << "and the queue is emptied";
    drained();
    EXPECT_EQ(next(), "wait 800 ms") << "one second after the start of the last";
    later(800ms);
    runs_everything("resync");
    passed();
    EXPECT_EQ(next(), "end resync");
    later(5s);
    lost(Cause::truncated);
    EXPECT_EQ(next(), "begin resync");
    EXPECT_EQ(next(), "drain");
    drained();
    EXPECT_EQ(next(), "barrier") << "that was long enough";
}

TEST_F(TheMachine, AuditsInTheInterval) {
    first_pass();
    later(59'999ms);
    EXPECT_EQ(next(), "wait 1 ms");
    later(1ms);
    runs_everything("audit");
    EXPECT_TRUE(machine.settled()) << "an audit is no doubt";
    passed();
    EXPECT_EQ(next(), "wait 60000 ms");
}

TEST_F(TheMachine, GivesAuditsATwentiethOfTheTime) {
    EXPECT_EQ(next(), "drain");
    drained();
    runs_everything("audit");
    later(10s);
    passed();
    EXPECT_EQ(next(), "wait 200000 ms");
    machine.audit_soon(now);
    EXPECT_EQ(next(), "wait 200000 ms") << "for whatever reason";
    later(200s);
    runs_everything("audit");
    passed();
    EXPECT_EQ(next(), "wait 60000 ms");
}

// Namespaces that go away hold the kernel's lock for seconds, and a barrier waits for it.
TEST_F(TheMachine, DoesNotCountTheWaitForOthersAsTimeOfAnAudit) {
    EXPECT_EQ(next(), "drain");
    drained();
    EXPECT_EQ(next(), "barrier");
    later(10s);
    answered();
    EXPECT_EQ(next(), "drain");
    drained();
    EXPECT_EQ(next(), "open audit");
    for (const char* dump : {"dump links", "dump inet of all", "dump inet6 of all"}) {
        EXPECT_EQ(next(), dump);
        answered();
    }
    EXPECT_EQ(next(), "barrier");
    answered();
    EXPECT_EQ(next(), "drain");
    drained();
    EXPECT_EQ(next(), "close");
    passed();
    machine.audit_soon(now);
    EXPECT_EQ(next(), "wait 50 ms");
}

TEST_F(TheMachine, DoesNotLetAuditsDelayAResync) {
    EXPECT_EQ(next(), "drain");
    drained();
    runs_everything("audit");
    later(10s);
    passed();
    lost(Cause::truncated);
    EXPECT_EQ(next(), "begin resync");
    EXPECT_EQ(next(), "drain");
    drained();
    EXPECT_EQ(next(), "barrier");
}

TEST_F(TheMachine, AuditsSoonAfterASilentChangeOnceForAll) {
    first_pass();
    later(10s);
    machine.audit_soon(now);
    EXPECT_EQ(next(), "wait 50 ms");
    later(30ms);
    machine.audit_soon(now);
    EXPECT_EQ(next(), "wait 20 ms") << "the first counts, or a storm would postpone it for ever";
    later(20ms);
    runs_everything("audit");
    passed();
    EXPECT_EQ(next(), "wait 60000 ms");
}

TEST_F(TheMachine, AuditsAgainForASilentChangeDuringAnAudit) {
    first_pass();
    later(10s);
    machine.audit_soon(now);
    later(50ms);
    EXPECT_EQ(next(), "barrier");
    answered();
    machine.audit_soon(now);
    EXPECT_EQ(next(), "drain");
    drained();
    EXPECT_EQ(next(), "open audit");
    for (const char* dump : {"dump links", "dump inet of all", "dump inet6 of all"}) {
        EXPECT_EQ(next(), dump);
        answered();
    }
    EXPECT_EQ(next(), "barrier");
    answered();
    EXPECT_EQ(next(), "drain");
    drained();
    EXPECT_EQ(next(), "close");
    passed();
    EXPECT_EQ(next(), "wait 50 ms");
}

TEST_F(TheMachine, AuditsBehindDuplicateAddressDetectionForTheFirstAndTheLastAsking) {
    first_pass();
    machine.audit_later(now);
    later(1s);
    machine.audit_later(now);
    later(1s);
    machine.audit_later(now);
    EXPECT_EQ(next(), "wait 1000 ms");
    later(1s);
    runs_everything("audit");
    passed();
    EXPECT_EQ(next(), "wait 2000 ms");
    later(2s);
    runs_everything("audit");
    passed();
    EXPECT_EQ(next(), "wait 60000 ms");
}

TEST_F(TheMachine, LooksAtEverythingWhenAnAuditFallsDueWhilePartsWait) {
    EXPECT_EQ(next(), "drain");
    drained();
    runs_everything("audit");
    passed({inet_of(3)});
    for (int i = 0; i < 2; ++i) {
        runs({"inet of 3"}, "audit");
        passed({inet_of(3)});
    }
    for (const int pause : {10, 20, 40, 80, 160}) {
        later(milliseconds{pause});
        runs({"inet of 3"}, "audit");
        passed({inet_of(3)});
    }
    EXPECT_EQ(next(), "wait 320 ms");
    machine.audit_soon(now);
    EXPECT_EQ(next(), "wait 50 ms") << "a silent change elsewhere does not wait for them";
    later(50ms);
    runs_everything("audit");
    passed({inet_of(3)});
    runs({"inet of 3"}, "audit");  // and their pauses start anew
}

// Each try of a large part would push the audit before it, were its time counted.
TEST_F(TheMachine, DoesNotLetIncompletePartsPostponeAudits) {
    EXPECT_EQ(next(), "drain");
    drained();
    runs_everything("audit");
    passed({inet_of(3)});
    later(59'900ms);
    for (int i = 0; i < 2; ++i) {
        runs({"inet of 3"}, "audit");
        later(50ms);
        passed({inet_of(3)});
    }
    runs_everything("audit");
}

}  // namespace
}  // namespace nlwatch::test
