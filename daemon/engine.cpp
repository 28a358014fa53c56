#include "engine.hpp"

#include "identity.hpp"
#include "resync_frames.hpp"

namespace nlwatch {

namespace {

kernel::Follower::Options follower_options(const config::Config& config) {
    return {.receive_buffer = config.netlink.receive_buffer,
            .receive_buffer_max = config.netlink.receive_buffer_max,
            .turn_bytes = config.backlog.bytes / 16,
            .limits = {config.netlink.resync_min_interval, config.netlink.audit_interval}};
}

}  // namespace

Engine::Engine(boost::asio::io_context& io, const config::Config& config)
    : follower_(io.get_executor(), follower_options(config), listener()),
      backlog_(follower_.state().table(), new_identity(), config.filter, config.backlog.bytes),
      wake_up_(io.get_executor()) {}

kernel::Follower::Listener Engine::listener() {
    kernel::Follower::Listener listener;
    listener.changed = [this](const state::Change& change) {
        const record::Stamp stamp = stamp_of(change.at);
        backlog_.changed(change, stamp);
        if (observer_.changed) observer_.changed(change, stamp);
    };
    listener.complete = [this] {
        backlog_.set_settled(follower_.sync().settled());
        backlog_.begin();
        if (observer_.complete) observer_.complete();
    };
    listener.lost = [this](const kernel::Loss& loss) {
        backlog_.set_settled(false);
        backlog_.frame(record::Entry::Frame::resync_begin, resync_begin_fields(loss), record::Stamp::now());
        if (observer_.lost) observer_.lost(loss);
    };
    listener.repaired = [this](const kernel::Repair& repair) {
        backlog_.set_settled(true);
        backlog_.frame(record::Entry::Frame::resync_end, resync_end_fields(repair), record::Stamp::now());
        if (observer_.repaired) observer_.repaired(repair);
    };
    listener.turn_ended = [this] {
        backlog_.set_settled(follower_.sync().settled());
        if (observer_.turn_ended) observer_.turn_ended();
        wake_up_.notify();
    };
    // A bug of ours: end, and be started anew with a whole state, rather than go on without one.
    listener.failed = [](std::exception_ptr error) { std::rethrow_exception(error); };
    return listener;
}

// The clocks are read once for all that was received together.
record::Stamp Engine::stamp_of(state::Time at) {
    if (stamp_.monotonic != at) {
        const record::Stamp now = record::Stamp::now();
        stamp_ = {at, now.utc_of(at)};
    }
    return stamp_;
}

void Engine::stop() { follower_.stop(); }

}  // namespace nlwatch
