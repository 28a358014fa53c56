#include "sink/stream_client.hpp"

#include <sys/socket.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <exception>
#include <utility>

#include "sink/hang_up.hpp"
#include "sink/pump.hpp"

namespace nlwatch::sink {

namespace asio = boost::asio;

namespace {

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

}  // namespace

StreamClient::StreamClient(Socket socket, backlog::Feed feed, std::uint64_t& gaps,
                           std::function<void(StreamClient&)> gone)
    : socket_(std::move(socket)), feed_(std::move(feed)), gaps_(gaps), gone_(std::move(gone)) {}

void StreamClient::start(WakeUp& wake_up, std::size_t bytes) {
    batch_bytes_ = bytes;
    // What escapes a coroutine is our own bug: it goes on to whoever runs the reactor.
    const auto ended = [self = shared_from_this()](std::exception_ptr bug) {
        self->end();
        if (bug) std::rethrow_exception(bug);
    };
    asio::co_spawn(socket_.get_executor(), until_hung_up(socket_, HalfClose::stays), ended);
    asio::co_spawn(socket_.get_executor(), pump(feed_, *this, wake_up),
                   asio::bind_cancellation_slot(stop_pump_.slot(), ended));
}

void StreamClient::finish() {
    if (ended_) return;
    std::string last(rest_);
    fill(feed_, *this, last);
    rest_ = last;
    send();
    rest_ = {};
    end();
}

void StreamClient::frame(const backlog::Line& line, std::string& batch) {
    if (line.type == "gap") ++gaps_;
    batch += line.text;
}

// Sent here and not by Asio, so that `rest_` is exact whenever the client is made to end.
asio::awaitable<Delivered> StreamClient::deliver(const std::string& batch) {
    rest_ = batch;
    while (send() && !rest_.empty()) {
        const auto [error] = co_await socket_.async_wait(Socket::wait_write, as_result);
        if (error) break;
    }
    const bool delivered = rest_.empty();
    rest_ = {};
    co_return delivered ? Delivered::yes : Delivered::nobody;
}

// False: the client has gone. True with something left: it does not keep up just now.
bool StreamClient::send() {
    while (!rest_.empty()) {
        const ssize_t sent =
            ::send(socket_.native_handle(), rest_.data(), rest_.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent < 0) return errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS;
        rest_.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

void StreamClient::end() {
    if (std::exchange(ended_, true)) return;
    stop_pump_.emit(asio::cancellation_type::terminal);
    boost::system::error_code ignored;
    socket_.close(ignored);
    gone_(*this);
}

}  // namespace nlwatch::sink
