#include "kernel/follower.hpp"

#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <system_error>

#include "kernel/dump_request.hpp"

namespace nlwatch::kernel {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;
using state::Time;

namespace {

constexpr std::size_t turn_messages = 256;
constexpr std::size_t turn_rows = 512;
constexpr std::size_t record_bytes =
    1024;  // of a typical link's record: what a settled row may put into the backlog

Follower::Message message_type(std::uint16_t type) {
    switch (type) {
        case RTM_NEWLINK:
            return Follower::Message::new_link;
        case RTM_DELLINK:
            return Follower::Message::del_link;
        case RTM_NEWADDR:
            return Follower::Message::new_address;
        case RTM_DELADDR:
            return Follower::Message::del_address;
        default:
            return Follower::Message::other;
    }
}

}  // namespace

Follower::Follower(asio::any_io_executor executor, const Options& options, Listener listener)
    : options_(options),
      listener_(std::move(listener)),
      events_(options.receive_buffer),
      requests_(executor),
      readable_(executor, events_.descriptor()),
      alarm_(executor),
      machine_(options.limits, Clock::now()),
      state_([this](const state::Change& change) { note(change); }),
      requested_buffer_(options.receive_buffer),
      drops_(events_.drops()) {}

Follower::~Follower() { readable_.release(); }

void Follower::start() {
    const auto ended = [this](std::exception_ptr error) {
        if (error && !stopped_) listener_.failed(error);
    };
    asio::co_spawn(alarm_.get_executor(), read_events(), ended);
    asio::co_spawn(alarm_.get_executor(), synchronize(), ended);
}

void Follower::stop() {
    stopped_ = true;
    readable_.cancel();
    alarm_.cancel();
    requests_.close();
}

asio::awaitable<void> Follower::read_events() {
    while (!stopped_) {
        boost::system::error_code error;
        co_await readable_.async_wait(asio::posix::stream_descriptor::wait_read,
                                      asio::redirect_error(asio::use_awaitable, error));
        if (error && error != asio::error::operation_aborted)
            throw boost::system::system_error(error, "events socket");
        // The reactor reports an edge: no wait may begin while something may be queued.
        while (!stopped_ && !read_turn()) co_await asio::post(asio::use_awaitable);
    }
}

// One turn's worth of events, so that readers get theirs; true if the queue was seen empty.
bool Follower::read_turn() {
    bool empty = false;
    const std::uint64_t bytes_before = counters_.bytes;
    for (std::size_t messages = 0;
         !empty && messages < turn_messages && counters_.bytes - bytes_before < options_.turn_bytes;) {
        const EventSocket::Received received = events_.receive();
        const Time now = Clock::now();
        if (received.error == EBADF)
            throw std::system_error(EBADF, std::generic_category(), "the events socket");
        if (received.error != 0) lost(received.error == ENOBUFS ? Cause::overrun : Cause::error, now);
        for (const EventSocket::Datagram& datagram : received.datagrams) take(datagram, now);
        messages += std::max<std::size_t>(1, received.datagrams.size());
        if (!received.empty) continue;
        if (events_.drops() != drops_) {
            lost(Cause::drops, now);  // before the queue was empty: see it empty once more
            continue;
        }
        empty = true;
        machine_.drained(now);
    }
    alarm_.cancel();  // the machine may have something to do
    listener_.turn_ended();
    return empty;
}

void Follower::take(const EventSocket::Datagram& datagram, Time now) {
    counters_.bytes += datagram.bytes.size();
    if (datagram.sender != 0) {
        ++counters_.forged;
        return;
    }
    if (datagram.truncated) return lost(Cause::truncated, now);
    netlink::MessageReader reader{datagram.bytes};
    while (const auto message = reader.next()) take(*message, now);
    if (reader.broken()) {
        ++counters_.broken_framing;
        lost(Cause::framing, now);
    }
}

void Follower::take(const netlink::Message& message, Time now) {
    const auto type = static_cast<std::size_t>(message_type(message.type));
    ++counters_.messages[type];
    if (message.type == NLMSG_OVERRUN) return lost(Cause::overrun, now);
    const auto decoded = rtnl::decode(message);
    if (const auto* update = std::get_if<rtnl::Update>(&decoded)) {
        if (pass_) pass_->event(*update);
        const std::uint64_t orphans = state_.counters().orphans;
        state_.apply(*update, {.origin = state::Origin::live, .now = now});
        if (state_.counters().orphans != orphans) machine_.audit_soon(now);
        if (!machine_.settled()) suspect(state::suspicion_in_doubt(*update), now);
    } else if (const auto* ignored = std::get_if<rtnl::Ignored>(&decoded)) {
        ++counters_.ignored[static_cast<std::size_t>(*ignored)];
        // A port's state and flags are announced for AF_BRIDGE only, and without all that a link's record
        // holds.
        if (*ignored == rtnl::Ignored::bridge_port) machine_.audit_soon(now);
    } else {
        ++counters_.malformed[type];
    }
}

void Follower::suspect(const state::Suspicion& suspicion, Time at) {
    if (suspicion.soon) machine_.audit_soon(at);
    if (suspicion.later) machine_.audit_later(at);
}

void Follower::note(const state::Change& change) {
    suspect(suspicion_after(change), change.at);
    listener_.changed(change);
    if (change.origin == state::Origin::live && machine_.complete())
        counters_.dispatch.observe(Clock::now() - change.at);
    else if (change.origin == state::Origin::audit && machine_.settled())
        ++counters_.drift[static_cast<std::size_t>(change.subject().key.kind)]
                         [static_cast<std::size_t>(change.op())];
}

void Follower::lost(Cause cause, Time now) {
    const std::uint32_t dropped = newly_dropped();
    const bool lossy = machine_.lossy();
    if (machine_.lost(cause, now)) {
        ++counters_.losses[static_cast<std::size_t>(cause)];
        state_.after_loss(true);
        if (!lossy) resync_ = {.number = resync_.number, .cause = cause};
        if (dropped == 0) resync_.countable = false;  // the kernel's failure to allocate an event
    }
    // What had no room with us is counted nowhere, nor is what stood in the same batch.
    if (cause != Cause::overrun && cause != Cause::drops) resync_.countable = false;
    resync_.lost += dropped;
    counters_.lost_messages += dropped;
    // Readers are told before whatever comes next, though a dump, or what it has found, may be under way.
    while (const auto action = machine_.at_once())
        action->what == SyncMachine::Do::grow ? grow() : begin_resync(now);
}

std::uint32_t Follower::newly_dropped() {
    const std::uint32_t drops = events_.drops();
    return drops - std::exchange(drops_, drops);
}

void Follower::grow() {
    const std::size_t have = events_.receive_buffer();
    const std::size_t wanted = std::min(have * 2, options_.receive_buffer_max);
    if (wanted <= have) return;
    requested_buffer_ = wanted;
    events_.set_receive_buffer(wanted);
}

asio::awaitable<void> Follower::synchronize() {
    while (!stopped_) {
        const Time now = Clock::now();
        const SyncMachine::Action action = machine_.next(now);
        switch (action.what) {
            case SyncMachine::Do::wait:
                co_await wait_until(action.until);
                break;
            case SyncMachine::Do::drain:
                if (!read_turn()) co_await asio::post(asio::use_awaitable);
                break;
            case SyncMachine::Do::grow:
                grow();
                break;
            case SyncMachine::Do::barrier: {
                const RequestSocket::Answer answer = co_await requests_.barrier();
                answer.answered&& answer.error == 0 ? machine_.answered(Clock::now())
                                                    : machine_.unanswered(Clock::now());
                break;
            }
            case SyncMachine::Do::open_pass:
                open_pass(action.origin, now);
                break;
            case SyncMachine::Do::dump:
                co_await dump(action.part);
                break;
            case SyncMachine::Do::close_pass:
                co_await settle();
                break;
            case SyncMachine::Do::drop_pass:
                pass_.reset();
                break;
            case SyncMachine::Do::begin_resync:
                begin_resync(now);
                break;
            case SyncMachine::Do::end_resync:
                end_resync(now);
                break;
        }
    }
}

void Follower::open_pass(state::Origin origin, Time now) {
    pass_origin_ = origin;
    const Time not_before =
        origin == state::Origin::resync ? machine_.last_whole() : machine_.last_clean_pass();
    pass_.emplace(state_,
                  state::NetworkState::Learnt{.origin = origin, .now = now, .not_before = not_before});
}

asio::awaitable<void> Follower::dump(state::Pass::Part part) {
    netlink::Request request = dump_request(part);
    const RequestSocket::OnDatagram take_rows = [&](const RequestSocket::Datagram& datagram) {
        std::uint32_t last_ifindex = 0;
        for (const netlink::Message& message : datagram.rows) {
            auto decoded = rtnl::decode(message);
            if (auto* update = std::get_if<rtnl::Update>(&decoded)) {
                last_ifindex = update->key.ifindex;
                pass_->row(std::move(*update));
            } else if (std::holds_alternative<rtnl::Malformed>(decoded)) {
                ++counters_.malformed[static_cast<std::size_t>(message_type(message.type))];
                pass_->unreadable_row(part);
            }
        }
        pass_->datagram(part, datagram.bytes, last_ifindex, datagram.done);
    };
    const RequestSocket::Answer answer = co_await requests_.ask(request, take_rows);
    if (answer.interrupted) {
        ++resync_.interrupted;
        ++counters_.dumps_interrupted[static_cast<std::size_t>(part.kind)];
    }
    if (!answer.answered) {
        machine_.unanswered(Clock::now());
    } else {
        pass_->dumped(part, answer.error);
        machine_.answered(Clock::now());
    }
}

asio::awaitable<void> Follower::settle() {
    const std::size_t rows = std::clamp<std::size_t>(options_.turn_bytes / record_bytes, 16, turn_rows);
    pass_->close();
    while (!pass_->settle(state_, rows, Clock::now())) {
        listener_.turn_ended();
        co_await asio::post(asio::use_awaitable);
        if (machine_.voided()) co_return;  // what is left of it is told by the resync, if it is so still
    }
    const bool complete = machine_.complete();
    const std::uint64_t clean = machine_.counters().clean;
    const Time now = Clock::now();
    machine_.passed(pass_->incomplete(), now);
    if (machine_.counters().clean != clean && pass_origin_ == state::Origin::audit)
        counters_.last_audit = now;
    pass_.reset();
    if (machine_.settled()) state_.after_loss(false);
    if (!complete && machine_.complete()) listener_.complete();
    listener_.turn_ended();
}

asio::awaitable<void> Follower::wait_until(Time until) {
    alarm_.expires_at(until);
    boost::system::error_code error;  // cancelled: a fact was told
    co_await alarm_.async_wait(asio::redirect_error(asio::use_awaitable, error));
}

void Follower::begin_resync(Time now) {
    ++resync_.number;
    ++counters_.resyncs[static_cast<std::size_t>(resync_.cause)];
    resync_.begun = now;
    resync_.passes_before = machine_.counters().all();
    resync_.interrupted = 0;
    resync_.changes_before = state_.counters().changes[static_cast<std::size_t>(state::Origin::resync)];
    listener_.lost({resync_.number, resync_.cause,
                    resync_.countable ? std::optional{resync_.lost} : std::nullopt,
                    events_.receive_buffer()});
}

void Follower::end_resync(Time now) {
    Repair repair{.resync = resync_.number,
                  .duration = now - resync_.begun,
                  .passes = machine_.counters().all() - resync_.passes_before,
                  .interrupted = resync_.interrupted,
                  .lost = resync_.countable ? std::optional{resync_.lost} : std::nullopt};
    const auto& changes = state_.counters().changes[static_cast<std::size_t>(state::Origin::resync)];
    for (std::size_t op = 0; op < state::ops; ++op)
        repair.repaired[op] = changes[op] - resync_.changes_before[op];
    counters_.resync_duration.observe(repair.duration);
    listener_.repaired(repair);
    listener_.turn_ended();
}

}  // namespace nlwatch::kernel
