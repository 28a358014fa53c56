// Follows the kernel: reads events, keeps the state, and looks again whenever something was, or may have
// been, missed.
#pragma once
#include <array>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <exception>
#include <functional>
#include <optional>

#include "kernel/event_socket.hpp"
#include "kernel/request_socket.hpp"
#include "kernel/sync_machine.hpp"
#include "metrics/buckets.hpp"
#include "metrics/histogram.hpp"
#include "rtnl/decode.hpp"
#include "state/network_state.hpp"
#include "state/pass.hpp"
#include "state/silent_changes.hpp"

namespace nlwatch::kernel {

// Told when messages were lost. `lost` is how many, as far as was known at that moment; none = it cannot be
// known.
struct Loss {
    std::uint64_t resync{};  // numbered from 1
    Cause cause{};
    std::optional<std::uint64_t> lost;
    std::size_t receive_buffer{};  // bytes, after growth
};

// Told when a pass without a loss has brought the table back to the kernel's state.
struct Repair {
    std::uint64_t resync{};
    std::chrono::nanoseconds duration{};  // since its Loss
    std::uint64_t passes{};
    std::uint64_t interrupted{};  // dumps that said NLM_F_DUMP_INTR
    std::optional<std::uint64_t> lost;
    std::array<std::uint64_t, state::ops> repaired{};  // changes that passes made, by op
};

// Everything runs on one thread, that of the executor; the functions given must not block.
class Follower {
public:
    struct Options {
        std::size_t receive_buffer = 8 * 1024 * 1024;  // bytes, as getsockopt reports them
        std::size_t receive_buffer_max =
            128 * 1024 * 1024;                 // doubled up to here at each overrun; equal = no growth
        std::size_t turn_bytes = 1024 * 1024;  // of events read, before readers get their turn
        SyncMachine::Limits limits{};
    };
    struct Listener {
        std::function<void(const state::Change&)> changed;
        std::function<void()> complete;         // the first complete pass has ended; before any later change
        std::function<void(const Loss&)> lost;  // after that only
        std::function<void(const Repair&)> repaired;
        std::function<void()> turn_ended;  // readers may be woken
        std::function<void(std::exception_ptr)>
            failed;  // one of our own bugs: nothing can be followed any more
    };

    // Opens the sockets, so events are collected from here on. Throws std::system_error.
    Follower(boost::asio::any_io_executor, const Options&, Listener);
    ~Follower();

    void start();
    void stop();

    const state::NetworkState& state() const { return state_; }
    const SyncMachine& sync() const { return machine_; }
    std::size_t receive_buffer() const { return events_.receive_buffer(); }  // bytes granted: asks the kernel
    std::size_t requested_receive_buffer() const { return requested_buffer_; }  // … and asked for last

    enum class Message : std::uint8_t { new_link, del_link, new_address, del_address, other };
    static constexpr std::size_t message_types = 5;
    struct Counters {
        std::array<std::uint64_t, message_types> messages{};   // received on the events socket, by Message
        std::array<std::uint64_t, message_types> malformed{};  // dropped; likewise, and rows of dumps
        std::uint64_t broken_framing{};                        // datagrams of events
        std::uint64_t bytes{};
        std::array<std::uint64_t, 3> ignored{};      // by rtnl::Ignored
        std::uint64_t forged{};                      // datagrams of another sender than the kernel
        std::array<std::uint64_t, causes> losses{};  // by Cause
        std::uint64_t lost_messages{};               // as far as the kernel counted them
        std::array<std::uint64_t, rtnl::kinds> dumps_interrupted{};
        std::array<std::uint64_t, causes> resyncs{};  // begun, by the Cause that was noticed first
        // What audits repaired in a table that was held to be right.
        std::array<std::array<std::uint64_t, state::ops>, rtnl::kinds> drift{};
        state::Time last_audit{};  // when the last pass without a loss ended clean; 0: none did
        metrics::Histogram dispatch{
            metrics::buckets::event_dispatch};  // of live changes, to Listener::changed's end
        metrics::Histogram resync_duration{metrics::buckets::resync_duration};
    };
    const Counters& counters() const { return counters_; }

private:
    boost::asio::awaitable<void> read_events();
    boost::asio::awaitable<void> synchronize();
    boost::asio::awaitable<void> dump(state::Pass::Part);
    boost::asio::awaitable<void> settle();
    boost::asio::awaitable<void> wait_until(state::Time);

    bool read_turn();
    void take(const EventSocket::Datagram&, state::Time now);
    void take(const netlink::Message&, state::Time now);
    void lost(Cause, state::Time now);
    std::uint32_t newly_dropped();
    void grow();
    void open_pass(state::Origin, state::Time now);
    void begin_resync(state::Time now);
    void end_resync(state::Time now);
    void suspect(const state::Suspicion&, Time at);
    void note(const state::Change&);

    Options options_;
    Listener listener_;
    EventSocket events_;
    RequestSocket requests_;
    boost::asio::posix::stream_descriptor readable_;  // of events_, which closes it
    boost::asio::steady_timer alarm_;
    SyncMachine machine_;
    state::NetworkState state_;
    std::optional<state::Pass> pass_;
    state::Origin pass_origin_{};
    bool stopped_ = false;

    std::size_t requested_buffer_;
    std::uint32_t drops_ = 0;  // the socket's counter, as last read
    Counters counters_;

    struct Resync {  // the one that runs
        std::uint64_t number = 0;
        Cause cause{};
        state::Time begun{};
        std::uint64_t lost = 0;
        bool countable = true;
        std::uint64_t interrupted = 0;
        std::uint64_t passes_before = 0;
        std::array<std::uint64_t, state::ops> changes_before{};
    } resync_;
};

}  // namespace nlwatch::kernel
