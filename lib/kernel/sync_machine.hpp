// When to look again: decides, from what happened on the sockets, when a pass runs and what of it comes next.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "state/pass.hpp"

namespace nlwatch::kernel {

using state::Time;

// How it was noticed that events were lost.
enum class Cause : std::uint8_t {
    overrun,    // ENOBUFS: the receive buffer was full, or the kernel could not allocate the event
    drops,      // the socket's drop counter (SO_MEMINFO) moved without that report
    truncated,  // an event longer than our buffer (MSG_TRUNC)
    framing,    // a datagram in which no message boundary could be trusted
    error,      // any other error of the events socket
};
inline constexpr std::size_t causes = 5;

// Knows time and what happened on the sockets; no key. Pure: the reader tells it facts, the syncer asks
// next(), obeys, and asks again. The order that it keeps, and why:
// - Drain before anything. ENOBUFS is reported before the older queued messages, and until the queue has been
//   seen empty the kernel goes on dropping in silence; a dump made earlier is older than the events that it
//   is meant to repair.
// - Barrier, drain, open the window, dump, barrier, drain, close. A barrier is a request that waits for the
//   kernel's RTNL lock, so whatever was changed before it has been announced when it is answered.
class SyncMachine {
public:
    struct Limits {
        std::chrono::milliseconds resync_min_interval{1'000};  // between the starts of two resyncs
        std::chrono::milliseconds audit_interval{
            60'000};  // a pass without a loss; never more than 1/20 of the time, retries of parts not counted
    };

    enum class Do : std::uint8_t {
        wait,          // until `until`, or until a fact was told
        drain,         // read events until drained() or lost() can be told
        grow,          // the events socket's receive buffer
        barrier,       // then answered() or unanswered()
        open_pass,     // with `origin`
        dump,          // `part`, into the open pass; then answered() or unanswered()
        close_pass,    // and settle it; then passed()
        drop_pass,     // what it collected proves nothing
        begin_resync,  // tell the readers that something was lost
        end_resync,    // … and that all is repaired
    };
    struct Action {
        Do what{};
        state::Pass::Part part{};
        state::Origin origin{};
        Time until{};
    };

    SyncMachine(Limits, Time now);

    Action next(Time now);  // all but wait and drain are said once
    // Of that, what is not to wait for what the syncer waits for: grow and begin_resync.
    std::optional<Action> at_once();

    // Facts.
    bool lost(Cause, Time now);  // voids the pass that is open; false = still the loss that was told before
    void drained(Time now);      // EAGAIN was seen, and the drop counter had not moved since the last look
    void answered(Time now);     // the last message of the barrier's or the dump's answer
    void unanswered(Time now);   // no answer in time, or EBUSY; the request socket was opened anew
    void passed(std::vector<state::Pass::Part> incomplete, Time now);
    void audit_soon(Time now);   // a silent change is likely
    void audit_later(Time now);  // … and another behind duplicate address detection

    bool complete() const { return complete_; }  // a pass was clean, or three had no loss: doors may answer
    bool settled() const { return settled_; }    // a pass was clean since the last loss, or since the start
    bool voided() const { return drop_; }        // the pass that is open proves nothing any more
    bool lossy() const { return lossy_; }        // a loss that no clean pass has repaired yet
    bool resyncing() const { return resync_begun_; }  // … and that the readers were told of
    // The last moment for which the table is known to have been right, but for silent changes / for these,
    // too.
    Time last_whole() const { return last_whole_; }
    Time last_clean_pass() const { return last_clean_; }

    // What became of the passes; for metrics and resync.end.
    struct Counters {
        std::uint64_t clean{}, dirty{}, lost{}, failed{};
        std::uint64_t all() const { return clean + dirty + lost + failed; }
    };
    const Counters& counters() const { return counters_; }

private:
    enum class Stage : std::uint8_t {
        idle,
        first_barrier,
        first_drain,
        open,
        dumping,
        last_barrier,
        last_drain,
        close
    };

    Time due() const;
    Time audit_due() const;
    void start(Time now);
    void retry(Time now);

    Limits limits_;
    Stage stage_ = Stage::idle;
    bool asked_ = false;       // the stage's action was said, its answer is awaited
    bool drain_first_ = true;  // not seen empty since the start or the last loss
    bool grow_ = false;
    bool drop_ = false;

    bool lossy_ = false;            // a loss that no clean pass has repaired
    bool resync_begun_ = false;     // … and that the readers were told of
    bool need_ = true;              // a pass must run, whatever audits are due
    bool only_incomplete_ = false;  // … of the parts that the last one left incomplete
    bool complete_ = false;
    int dirty_at_first_ = 0;  // passes without a loss, and not clean, before it was complete
    bool settled_ = false;

    std::vector<state::Pass::Part> parts_;  // of the next pass, or of the one that runs
    std::size_t part_ = 0;
    int attempts_ = 0;    // passes since need_ was set, none of them clean
    Time not_before_;     // of the next pass while there is need
    Time pass_opened_{};  // its cost is counted from here: the first barrier only waits for others
    Time full_pass_started_{};
    std::optional<Time> resync_due_;  // when the last resync was to start
    Time last_whole_{}, last_clean_{};

    Time audit_at_, audits_from_;  // regularly; and never before, for the share of the time they may take
    std::optional<Time> soon_at_, later_at_, later_again_;
    Counters counters_;
};

}  // namespace nlwatch::kernel
