// A sink that the configuration names: it can be changed while it runs, and it is known how it does.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include "sink/counters.hpp"
#include "sink/sink.hpp"
#include "state/row.hpp"

namespace nlwatch::sink {

// What a sink says of itself, for the daemon's log.
enum class Tone : std::uint8_t {
    well,     // it is as it should be, again
    trouble,  // it is not, and is tried again: may be said often
    loss,     // something was not delivered and never will be: may be said often
};
// What EAFNOSUPPORT means to a sink that is to reach other machines.
inline constexpr std::string_view no_internet =
    "no socket of the Internet may be opened here; under systemd a drop-in with "
    "RestrictAddressFamilies=AF_INET "
    "AF_INET6 and IPAddressDeny= is needed (docs/webhooks.md)";
using Tell = std::function<void(Tone, std::string_view words)>;

// Each kind has Settings, and set(Settings) to change them: from the next attempt on, while the batch under
// way stays as it is.
class Destination : public Sink {
public:
    const Counters& counters() const { return counters_; }
    // `lag` without what waits in the feed, which its owner knows.
    virtual Standing standing() const = 0;

    // Its files were renamed (logrotate).
    virtual void reopen() {}
    // Behind stop(): what is in flight ends now.
    virtual void abort() {}
    // The network is back in a way that makes another attempt worthwhile (network_return.hpp).
    virtual void network_returned(state::Time) {}

protected:
    // To be told of each line: what a gap says to be missing is dropped, those among it that the filter would
    // have hidden, too.
    void framed(const backlog::Line& line) {
        if (line.type == "gap") drop(Counters::Drop::gap, line.position.seq - (framed_ ? framed_->seq : 0));
        framed_ = line.position;
    }
    // … and when all that was framed is delivered, or lost.
    void dealt_with() { dealt_with_ = framed_; }
    const std::optional<record::Position>& position() const { return dealt_with_; }

    void drop(Counters::Drop why, std::uint64_t events) {
        counters_.dropped[static_cast<std::size_t>(why)] += events;
    }
    void attempted(Counters::Outcome outcome, std::chrono::nanoseconds took) {
        ++counters_.attempts[static_cast<std::size_t>(outcome)];
        counters_.delivery.observe(took);
    }

    Counters counters_;

private:
    std::optional<record::Position> framed_, dealt_with_;
};

// What the stream says of its reader, and not of the network.
inline bool about_the_reader(std::string_view type) { return type == "hello" || type == "bookmark"; }

}  // namespace nlwatch::sink
