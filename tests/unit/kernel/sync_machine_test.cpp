// What is done after a loss, and in which order.
#include "unit/kernel/sync_conversation.hpp"

namespace nlwatch::test {
namespace {

using TheMachine = SyncConversation;

TEST_F(TheMachine, LooksAtEverythingAtFirst) {
    EXPECT_EQ(next(), "drain");
    EXPECT_EQ(next(), "drain") << "until it is told that the queue was seen empty";
    drained();
    EXPECT_EQ(next(), "barrier");
    EXPECT_EQ(next(), "wait for the answer");
    answered();
    EXPECT_EQ(next(), "drain");
    drained();
    EXPECT_EQ(next(), "open audit");
    EXPECT_EQ(next(), "dump links");
    EXPECT_EQ(next(), "wait for the answer");
    answered();
    EXPECT_EQ(next(), "dump inet of all");
    answered();
    EXPECT_EQ(next(), "dump inet6 of all");
    answered();
    EXPECT_EQ(next(), "barrier");
    answered();
    EXPECT_EQ(next(), "drain");
    drained();
    EXPECT_FALSE(machine.complete());
    EXPECT_EQ(next(), "close");
    passed();
    EXPECT_TRUE(machine.complete());
    EXPECT_TRUE(machine.settled());
    EXPECT_EQ(next(), "wait 60000 ms");
}

TEST_F(TheMachine, DrainsBeforeItLooksAgain) {
    first_pass();
    later(10s);
    EXPECT_TRUE(lost());
    EXPECT_FALSE(machine.settled());
    EXPECT_EQ(next(), "grow");
    EXPECT_EQ(next(), "begin resync");
    EXPECT_EQ(next(), "drain");
    later(1s);
    EXPECT_EQ(next(), "drain") << "the kernel goes on dropping until the queue was seen empty";
    drained();
    runs_everything("resync");
    passed();
    EXPECT_TRUE(machine.settled());
    EXPECT_EQ(next(), "end resync");
    EXPECT_EQ(next(), "wait 60000 ms") << "an audit is due one interval after the last pass of everything";
}

TEST_F(TheMachine, DrainsOnceMoreBehindTheBarrierToOpenTheWindow) {
    first_pass();
    later(10s);
    lost();
    EXPECT_EQ(next(), "grow");
    EXPECT_EQ(next(), "begin resync");
    EXPECT_EQ(next(), "drain");
    drained();
    EXPECT_EQ(next(), "barrier");
    drained();  // while the barrier is under way: too early to count
    EXPECT_EQ(next(), "wait for the answer");
    answered();
    EXPECT_EQ(next(), "drain");
}

TEST_F(TheMachine, VoidsAPassInWhichSomethingWasLost) {
    EXPECT_EQ(next(), "drain");
    drained();
    opens("audit");
    EXPECT_EQ(next(), "dump links");
    EXPECT_TRUE(lost());
    answered();  // of the dump, which proves nothing any more
    EXPECT_EQ(next(), "drop");
    EXPECT_EQ(next(), "grow");
    EXPECT_EQ(next(), "drain") << "and no frame: nobody was told anything yet";
    drained();
    runs_everything("resync");
    passed();
    EXPECT_EQ(machine.counters().lost, 1u);
    EXPECT_EQ(machine.counters().clean, 1u);
}

TEST_F(TheMachine, LetsReadersBeToldOfALossAtOnce) {
    first_pass();
    later(60s);
    opens("audit");
    EXPECT_EQ(next(), "dump links");
    EXPECT_EQ(machine.at_once(), std::nullopt);
    EXPECT_TRUE(lost());
    EXPECT_TRUE(machine.voided());
    EXPECT_EQ(machine.at_once()->what, SyncMachine::Do::grow) << "while the dump is under way";
    EXPECT_EQ(machine.at_once()->what, SyncMachine::Do::begin_resync);
    EXPECT_EQ(machine.at_once(), std::nullopt) << "each is said once";
    answered();
    EXPECT_EQ(next(), "drop");
    EXPECT_FALSE(machine.voided());
    EXPECT_EQ(next(), "drain");
}

TEST_F(TheMachine, VoidsAPassThatIsBeingSettled) {
    EXPECT_EQ(next(), "drain");
    drained();
    runs_everything("audit");
    lost();
    passed();
    EXPECT_FALSE(machine.complete());
    EXPECT_FALSE(machine.settled());
    EXPECT_EQ(next(), "drop");
    EXPECT_EQ(machine.counters().clean, 0u);
}

TEST_F(TheMachine, TakesALossThatIsToldTwiceForOne) {
    first_pass();
    later(10s);
    EXPECT_TRUE(lost(Cause::overrun));
    EXPECT_FALSE(lost(Cause::drops)) << "the counter has moved by the same overrun";
    EXPECT_EQ(next(), "grow");
    EXPECT_FALSE(lost(Cause::overrun));
    EXPECT_EQ(next(), "begin resync") << "no second growth";
    drained();
    EXPECT_TRUE(lost(Cause::overrun)) << "the queue had been empty: another one";
    EXPECT_EQ(next(), "grow");
    EXPECT_EQ(next(), "drain") << "of the same resync";
}

TEST_F(TheMachine, GrowsTheBufferOnlyWhereItWasTooSmall) {
    for (const Cause cause : {Cause::truncated, Cause::framing, Cause::error}) {
        SyncMachine fresh{{}, now};
        fresh.lost(cause, now);
        EXPECT_EQ(fresh.next(now).what, SyncMachine::Do::drain);
    }
    SyncMachine fresh{{}, now};
    fresh.lost(Cause::drops, now);
    EXPECT_EQ(fresh.next(now).what, SyncMachine::Do::grow);
}

TEST_F(TheMachine, GoesOnWithOneResyncThroughManyLosses) {
    first_pass();
    later(10s);
    lost();
    EXPECT_EQ(next(), "grow");
    EXPECT_EQ(next(), "begin resync");
    EXPECT_EQ(next(), "drain");
    drained();
    for (int i = 0; i < 2; ++i) {
        EXPECT_EQ(next(), "barrier");
        lost();
        EXPECT_EQ(next(), "drop");
        EXPECT_EQ(next(), "grow");
        EXPECT_EQ(next(), "drain");
        drained();
        EXPECT_TRUE(machine.resyncing());
    }
    runs_everything("resync");
    passed();
    EXPECT_EQ(next(), "end resync");
    EXPECT_FALSE(machine.resyncing());
}

TEST_F(TheMachine, GoesOnWhenTheNextLossComesBeforeTheEndWasTold) {
    first_pass();
    later(10s);
    lost(Cause::truncated);
    EXPECT_EQ(next(), "begin resync");
    EXPECT_EQ(next(), "drain");
    drained();
    runs_everything("resync");
    passed();
    lost(Cause::truncated);
    EXPECT_EQ(next(), "drain") << "neither an end nor a beginning";
    EXPECT_TRUE(machine.resyncing());
}

TEST_F(TheMachine, TellsNoFrameBeforeThereIsAnythingToRepair) {
    lost(Cause::truncated);
    EXPECT_EQ(next(), "drain");
    drained();
    runs_everything("resync");
    passed();
    EXPECT_EQ(next(), "wait 60000 ms");
}

// Three passes that were not clean are shown to readers: they must be told when the loss is repaired.
TEST_F(TheMachine, TellsOfALossThatOutlastsTheFirstCompletePass) {
    lost(Cause::truncated);
    EXPECT_EQ(next(), "drain");
    drained();
    runs_everything("resync");
    passed({inet_of(3)});
    for (int i = 0; i < 2; ++i) {
        runs({"inet of 3"}, "resync");
        passed({inet_of(3)});
    }
    EXPECT_TRUE(machine.complete());
    EXPECT_FALSE(machine.settled());
    EXPECT_EQ(next(), "begin resync");
    later(10ms);
    runs({"inet of 3"}, "resync");
    passed();
    EXPECT_EQ(next(), "end resync");
}

TEST_F(TheMachine, AsksAgainWhenNobodyAnswers) {
    EXPECT_EQ(next(), "drain");
    drained();
    EXPECT_EQ(next(), "barrier");
    unanswered();
    EXPECT_EQ(next(), "drop");
    opens("audit");
    EXPECT_EQ(next(), "dump links");
    answered();
    EXPECT_EQ(next(), "dump inet of all");
    unanswered();
    EXPECT_EQ(next(), "drop");
    runs_everything("audit");
    passed();
    EXPECT_EQ(machine.counters().failed, 2u);
    EXPECT_EQ(machine.counters().all(), 3u);
}

TEST_F(TheMachine, KnowsWhenTheTableWasLastRight) {
    first_pass();
    const state::Time first = now;
    EXPECT_EQ(machine.last_whole(), first);
    later(3s);
    drained();
    EXPECT_EQ(machine.last_whole(), first + 3s) << "an empty queue, and nothing lost: all is known";
    later(2s);
    lost(Cause::truncated);
    EXPECT_EQ(next(), "begin resync");
    drained();
    EXPECT_EQ(machine.last_whole(), first + 3s);
    EXPECT_EQ(machine.last_clean_pass(), first);
    EXPECT_EQ(next(), "barrier");
    answered();
    EXPECT_EQ(next(), "drain");
    drained();
    EXPECT_EQ(next(), "open resync");
}

}  // namespace
}  // namespace nlwatch::test
