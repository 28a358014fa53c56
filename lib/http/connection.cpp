#include "http/connection.hpp"

#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <utility>

#include "sink/hang_up.hpp"

namespace nlwatch::http {

namespace asio = boost::asio;

namespace {

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t piece_bytes = 4096;
constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";

bool is_unix(const Socket& socket) {
    boost::system::error_code error;
    const auto local = socket.local_endpoint(error);
    return !error && local.protocol().family() == AF_UNIX;
}

}  // namespace

Connection::Connection(Socket socket, const Limits& limits)
    : socket_(std::move(socket)),
      limits_(limits),
      unix_(is_unix(socket_)),
      deadline_(socket_.get_executor()) {}

asio::awaitable<Connection::Received> Connection::receive() {
    RequestReader reader(limits_.header_bytes, limits_.body_bytes);
    bool begun = !input_.empty(), told = false;
    allow(begun ? limits_.request : limits_.idle);
    for (;;) {
        const RequestReader::State state = reader.take(input_);
        if (state == RequestReader::State::done) break;
        if (state == RequestReader::State::refused) co_return Received(reader.refusal());
        if (state == RequestReader::State::body && reader.request().expects_continue &&
            !std::exchange(told, true))
            write_between(std::string{go_on});  // without waiting: the time that the request has goes on
        if (!co_await read_some()) {
            if (!late_ || !begun) co_return Received();
            co_return Received(Refusal{408, "the request took longer than " +
                                                std::to_string(limits_.request.count()) + " ms to come"});
        }
        if (!std::exchange(begun, true)) allow(limits_.request);
    }
    allow_all_time();
    co_return Received(reader.request());
}

bool Connection::has_input() const {
    boost::system::error_code ignored;
    return !input_.empty() || (open() && socket_.available(ignored) > 0);
}

// Appends to the input. False at its end, and when time is up.
asio::awaitable<bool> Connection::read_some() {
    std::array<char, piece_bytes> piece;
    if (no_more_input_ || late_)
        co_return false;  // time may be up while nothing waited that could be cancelled
    const auto [error, bytes] = co_await socket_.async_read_some(asio::buffer(piece), as_result);
    input_.append(piece.data(), bytes);
    no_more_input_ = error == asio::error::eof;
    co_return !error;
}

asio::awaitable<bool> Connection::write(std::string_view first, std::string_view second,
                                        std::string_view third, Patience patience) {
    rest_ = {rest_[0], first, second, third};
    bool sending = true;
    while ((sending = sending && send()) && !idle()) {
        if (patience == Patience::limited) allow(limits_.stall);
        const auto [error] = co_await socket_.async_wait(Socket::wait_write, as_result);
        sending = !error;
    }
    allow_all_time();
    rest_ = {};
    co_return sending;
}

void Connection::write_between(std::string text) {
    if (!idle() || !open()) return;
    between_ = std::move(text);
    rest_[0] = between_;
    send();  // the next write, or the watch, tells if the peer has gone
}

void Connection::last_words(std::string_view text) {
    if (!open() || !send() || !idle()) return;
    rest_[1] = text;
    send();
    rest_ = {};
}

bool Connection::idle() const {
    return std::all_of(rest_.begin(), rest_.end(), [](std::string_view it) { return it.empty(); });
}

// False: the peer has gone. True with something left: it does not keep up just now. Sent here and not by
// Asio, so that `rest_` is exact whenever somebody has last words.
bool Connection::send() {
    if (!open()) return false;
    while (!idle()) {
        std::array<iovec, 4> pieces{};
        std::size_t count = 0;
        for (const std::string_view it : rest_)
            if (!it.empty()) pieces[count++] = {const_cast<char*>(it.data()), it.size()};
        msghdr message{};
        message.msg_iov = pieces.data();
        message.msg_iovlen = count;
        const ssize_t sent = ::sendmsg(socket_.native_handle(), &message, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent < 0) return errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS;
        auto left = static_cast<std::size_t>(sent);
        for (std::string_view& it : rest_) {
            const std::size_t part = std::min(left, it.size());
            it.remove_prefix(part);
            left -= part;
        }
    }
    return true;
}

void Connection::watch(std::function<void()> gone) {
    gone_ = std::move(gone);
    watch_on(++watch_);
}

void Connection::unwatch() {
    ++watch_;
    gone_ = nullptr;
    boost::system::error_code ignored;
    socket_.cancel(ignored);
}

// Not a coroutine beside the one that sends, since who unwatches must not have to wait for it to end.
void Connection::watch_on(std::uint64_t watch) {
    const bool reads = !no_more_input_ && input_.size() < limits_.header_bytes;
    const auto looked = [self = shared_from_this(), watch](boost::system::error_code error) {
        if (error || watch != self->watch_) return;
        if (self->look()) return self->watch_on(watch);
        const auto gone = std::exchange(self->gone_, nullptr);
        gone();
    };
    socket_.async_wait(reads ? Socket::wait_read : Socket::wait_error, looked);
}

// False: the peer has gone.
bool Connection::look() {
    std::array<char, piece_bytes> piece;
    while (!no_more_input_ && input_.size() < limits_.header_bytes) {
        const ssize_t got = ::recv(socket_.native_handle(), piece.data(), piece.size(), MSG_DONTWAIT);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return errno == EAGAIN || errno == EWOULDBLOCK;
        no_more_input_ = got == 0;
        input_.append(piece.data(), static_cast<std::size_t>(got));
    }
    // Half-closed is what nc -N and a shell's pipe do when they have asked; they still read.
    if (no_more_input_ && !unix_) return false;
    return !sink::hung_up(socket_.native_handle());
}

asio::awaitable<void> Connection::close_gently() {
    boost::system::error_code ignored;
    socket_.shutdown(Socket::shutdown_send, ignored);
    allow(limits_.drain);
    for (std::size_t dropped = 0; dropped < limits_.drain_bytes; dropped += input_.size()) {
        input_.clear();
        if (!co_await read_some()) break;
    }
    close();
}

void Connection::close() {
    deadline_.cancel();
    boost::system::error_code ignored;
    socket_.close(ignored);
}

// From now on the socket waits for so long in all. Whoever set another time meanwhile is not disturbed.
void Connection::allow(std::chrono::milliseconds time) {
    late_ = false;
    deadline_.expires_after(time);
    deadline_.async_wait([self = shared_from_this()](boost::system::error_code error) {
        if (error || self->deadline_.expiry() > std::chrono::steady_clock::now()) return;
        self->late_ = true;
        boost::system::error_code ignored;
        self->socket_.cancel(ignored);
    });
}

void Connection::allow_all_time() { deadline_.expires_at(asio::steady_timer::time_point::max()); }

}  // namespace nlwatch::http
