#include "app/sinks.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "config/words.hpp"
#include "counted.hpp"

namespace nlwatch {

namespace {

using namespace std::chrono_literals;
constexpr auto grace = 10s;  // of requests in flight, at the end

sink::HoldDown::Delays delays_of(const config::Sink& config) { return {config.down_delay, config.up_delay}; }

template <class List>
auto named(List& list, std::string_view name) {
    return std::find_if(list.begin(), list.end(), [&](const auto& it) { return it.config.name == name; });
}

}  // namespace

Sinks::Sinks(boost::asio::io_context& io, backlog::Backlog& backlog, sink::WakeUp& wake_up, log::Log& log)
    : io_(io),
      backlog_(backlog),
      wake_up_(wake_up),
      means_{io.get_executor(), log, backlog.renderer().identity()},
      grace_(io) {}

// On a worker, while `running_` rests: it changes in start() only, which comes behind this.
Sinks::Opened Sinks::open(const std::vector<config::Sink>& sinks) const {
    Opened opened;
    for (const config::Sink& config : sinks) {
        // A log's file goes on as it is. Any other is prepared anew: secrets change where the configuration
        // does not, and a reload is what a receiver that has said 410 Gone waits for.
        const auto same = named(running_, config.name);
        const bool goes_on =
            config.type == config::Sink::Type::log && same != running_.end() && same->config == config;
        opened.sinks_.push_back({config, goes_on ? PreparedSink{} : prepare_sink(config, means_)});
    }
    return opened;
}

void Sinks::start(Opened opened) {
    std::vector<Running> former = std::exchange(running_, {});
    for (const auto& [config, prepared] : opened.sinks_) {
        const auto same = named(former, config.name);
        if (same == former.end()) {
            running_.push_back(make(config, prepared, nullptr));
            continue;
        }
        if (same->config.type == config.type) {
            if (prepared.change) prepared.change(*same->sink);
            if (!(same->config == config))
                same->reader->change(request_for(config, same->reader->position(), &*same),
                                     delays_of(config));
            same->config = config;
            running_.push_back(*same);
        } else {
            running_.push_back(make(config, prepared, &*same));
            retire(*same, true);
        }
        former.erase(same);
    }
    for (const Running& gone : former) retire(gone);
    wake_up_.notify();
}

Sinks::Running Sinks::make(const config::Sink& config, const PreparedSink& prepared, const Running* former) {
    // What a former one of another type has in hand goes with it: its heir begins in front of that.
    std::optional<record::Position> since;
    if (former) since = standing_of(*former).position;
    if (former && !since) since = former->begun;
    backlog::Request request = request_for(config, since, former);
    Running running{config, prepared.make(), nullptr, request.since, false};
    running.reader =
        std::make_shared<LocalReader>(backlog_, std::move(request), running.sink, delays_of(config));
    running.reader->start(io_, wake_up_, [this, running] { ended(running); });
    return running;
}

// With what its reader knows.
sink::Standing Sinks::standing_of(const Running& it) {
    sink::Standing standing = it.sink->standing();
    if (standing.lag == 0) standing.position = it.reader->position();  // hidden records are dealt with, too
    standing.lag += it.reader->lag();
    standing.left_out = it.reader->left_out();
    if (!standing.waiting) standing.waiting = it.reader->oldest();
    return standing;
}

// One that begins is told of what comes from now on, unless it asks for what is there already. One that goes
// on holds the state of its former filter then, or the half of a snapshot; if it has never asked for it, it
// is told what waits.
backlog::Request Sinks::request_for(const config::Sink& config, std::optional<record::Position> since,
                                    const Running* former) const {
    const bool wants_state = config.on_start == config::Sink::OnStart::snapshot;
    backlog::Request request;
    request.filter = config.filter.filter();
    request.snapshot_after_gap = config.after_gap == config::Sink::AfterGap::snapshot;
    request.since = since;
    request.anew =
        since && former &&
        (former->reader->owes_snapshot() || (wants_state && !(former->config.filter == config.filter)));
    if (request.anew || (wants_state && !since)) return request;
    if (!request.since) request.since = record::Position{backlog_.run(), backlog_.head()};
    if (!request.snapshot_after_gap) request.snapshot = false;
    return request;
}

void Sinks::retire(Running it, bool has_heir) {
    it.has_heir = has_heir;
    retired_.push_back(it);
    it.reader->stop();
}

void Sinks::ended(const Running& it) {
    const auto retired = std::find_if(retired_.begin(), retired_.end(),
                                      [&](const Running& one) { return one.sink == it.sink; });
    const bool has_heir = retired != retired_.end() && retired->has_heir;
    if (retired != retired_.end()) retired_.erase(retired);
    if (retired_.empty()) grace_.cancel();
    if (has_heir) return;
    // To count them takes a look at each, for which there is time at the end only.
    if (ending_) it.reader->frame_rest();
    const std::uint64_t left = standing_of(it).lag;
    if (left == 0) return;
    log::of("sink").warn("sink '{}': {}{} not delivered", it.config.name, ending_ ? "" : "up to ",
                         counted(left, "event", "events"));
}

void Sinks::reopen() {
    for (const Running& it : running_) it.sink->reopen();
}

void Sinks::network_returned(state::Time now) {
    for (const Running& it : running_) it.sink->network_returned(now);
}

void Sinks::stop() {
    ending_ = true;
    for (const Running& it : running_) retire(it);  // which a reload's worker may be looking at
    means_.log.standard_error()->stop();
    if (retired_.empty()) return;
    grace_.expires_after(grace);
    grace_.async_wait([this](boost::system::error_code ended) {
        if (ended) return;
        for (const Running& it : retired_) it.sink->abort();
    });
}

std::vector<scrape::NamedSink> Sinks::report() const {
    std::vector<scrape::NamedSink> sinks;
    for (const Running& it : running_) {
        sinks.push_back({it.config.name,
                         std::string(config::sink_type_names[static_cast<std::size_t>(it.config.type)]),
                         it.sink->counters(), standing_of(it)});
    }
    return sinks;
}

std::shared_ptr<sink::Destination> Sinks::find(std::string_view name) const {
    const auto found = named(running_, name);
    return found == running_.end() ? nullptr : found->sink;
}

}  // namespace nlwatch
