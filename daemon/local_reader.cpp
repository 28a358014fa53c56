#include "local_reader.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>

#include "sink/pump.hpp"

namespace nlwatch {

namespace asio = boost::asio;

namespace {
// There are few such readers, and each batch is handed to a worker and back.
constexpr std::size_t batch_bytes = 256 * 1024;
}  // namespace

LocalReader::LocalReader(backlog::Backlog& backlog, backlog::Request request,
                         std::unique_ptr<sink::Sink> sink)
    : feed_(backlog, std::move(request)), sink_(std::move(sink)) {}

void LocalReader::start(asio::io_context& io, sink::WakeUp& wake_up, std::function<void()> ended) {
    auto done = [self = shared_from_this(), ended = std::move(ended)](std::exception_ptr error) {
        if (error) std::rethrow_exception(error);
        ended();
    };
    asio::co_spawn(io, sink::pump(feed_, *sink_, wake_up, batch_bytes),
                   asio::bind_cancellation_slot(cancel_.slot(), std::move(done)));
}

void LocalReader::stop() {
    sink_->stop();
    cancel_.emit(asio::cancellation_type::terminal);
}

}  // namespace nlwatch
