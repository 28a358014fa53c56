#include "local_reader.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>

#include "sink/pump.hpp"

namespace nlwatch {

namespace asio = boost::asio;

LocalReader::LocalReader(backlog::Backlog& backlog, backlog::Request request,
                         std::shared_ptr<sink::Sink> sink, sink::HoldDown::Delays delays)
    : backlog_(backlog),
      hold_down_(delays, request),
      feed_(std::in_place, backlog, std::move(request)),
      sink_(std::move(sink)) {}

void LocalReader::start(asio::io_context& io, sink::WakeUp& wake_up, std::function<void()> ended) {
    auto done = [self = shared_from_this(), ended = std::move(ended)](std::exception_ptr error) {
        if (error) std::rethrow_exception(error);
        ended();
    };
    asio::co_spawn(io, sink::pump(*feed_, *sink_, wake_up, &hold_down_),
                   asio::bind_cancellation_slot(cancel_.slot(), std::move(done)));
}

void LocalReader::stop() {
    sink_->stop();
    cancel_.emit(asio::cancellation_type::terminal);
}

// The pump, which holds a reference and is between two reads, finds the new feed where the old one was.
void LocalReader::change(backlog::Request request, sink::HoldDown::Delays delays) {
    hold_down_ = sink::HoldDown(delays, request);
    feed_.emplace(backlog_, std::move(request));
    // Its hello is not for whoever has been listening already; and what is under way may be given up, of
    // which the new feed is to be told then as the old one would have been.
    feed_->next(record::Stamp::now());
}

void LocalReader::frame_rest() {
    const record::Stamp now = record::Stamp::now();
    std::string ignored;
    do {
        while (const auto line = hold_down_.next(*feed_, now)) {
            ignored.clear();
            sink_->frame(*line, ignored);
        }
    } while (feed_->behind());
}

}  // namespace nlwatch
