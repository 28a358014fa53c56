#include "sink/push_socket.hpp"

#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <cstddef>
#include <exception>
#include <utility>

#include "sink/hang_up.hpp"

namespace nlwatch::sink {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;

namespace {

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
constexpr auto connect_timeout = 5s;
constexpr auto well_connected = 10s;  // one that ends sooner is as good as none: the back-off goes on
// Of data that the peer does not acknowledge, in milliseconds: tcp(7), TCP_USER_TIMEOUT. The system's own
// patience is a quarter of an hour.
constexpr int unacknowledged = 30'000;

void rethrow(std::exception_ptr bug) {
    if (bug) std::rethrow_exception(bug);
}

}  // namespace

PushSocket::PushSocket(asio::any_io_executor executor, Settings settings)
    : executor_(std::move(executor)),
      settings_(std::move(settings)),
      socket_(executor_),
      look_up_(executor_),
      turned_(executor_, asio::steady_timer::time_point::max()),
      paused_(executor_) {}

void PushSocket::start() {
    asio::co_spawn(executor_, stay_connected(), [self = shared_from_this()](auto bug) { rethrow(bug); });
}

void PushSocket::set(Settings settings) {
    const bool elsewhere = settings.address() != settings_.address();
    settings_ = std::move(settings);
    if (!elsewhere) return;
    ++places_;
    retry_.reset();
    last_error_.clear();
    disconnect();
    paused_.cancel();
}

void PushSocket::stop() {
    stopped_ = true;
    disconnect();
    paused_.cancel();
}

asio::awaitable<void> PushSocket::stay_connected() {
    while (!stopped_) {
        const std::uint64_t place = places_;
        retry_.begin();
        if (co_await connect()) {
            const state::Time since = Clock::now();
            const HalfClose half_close = settings_.path.empty() ? HalfClose::goes : HalfClose::stays;
            co_await until_hung_up(socket_, half_close);
            if (Clock::now() - since >= well_connected) retry_.reset();
            if (connected_) failed("the connection has ended", {});
        }
        if (place != places_) continue;
        retry_.failed(Retry::Blame::network, Clock::now(), random());
        co_await wait_for_retry();
    }
}

asio::awaitable<void> PushSocket::wait_for_retry() {
    while (!stopped_ && retry_.at() > Clock::now()) {
        paused_.expires_at(*retry_.at());
        co_await paused_.async_wait(as_result);
    }
}

asio::awaitable<bool> PushSocket::connect() {
    const std::uint64_t place = places_;
    error_code error;
    const auto elsewhere = [&] { return stopped_ || place != places_; };
    const LookUp::Result looked_up = co_await endpoints();
    for (const Endpoint& endpoint : looked_up.found) {
        if (elsewhere()) break;
        error = co_await connect_to(endpoint);
        if (!error) break;
    }
    if (elsewhere()) {
        disconnect();
        co_return false;
    }
    if (looked_up.found.empty())
        failed("cannot find the address", looked_up.error, Counters::Outcome::network_error);
    else if (error)
        failed("cannot connect", error);
    if (looked_up.found.empty() || error) co_return false;
    connected_ = true;
    settings_.tell(Tone::well, "connected to " + settings_.address());
    last_error_.clear();
    turned_.cancel();
    co_return true;
}

asio::awaitable<LookUp::Result> PushSocket::endpoints() {
    if (settings_.path.empty()) co_return co_await look_up_.run(settings_.host, settings_.port);
    LookUp::Result one;
    one.found.emplace_back(asio::local::stream_protocol::endpoint(settings_.path));
    co_return one;
}

asio::awaitable<error_code> PushSocket::connect_to(Endpoint endpoint) {
    socket_ = Socket(executor_);
    struct Attempt {
        bool over = false, late = false;
    };
    const auto attempt = std::make_shared<Attempt>();
    asio::steady_timer deadline(executor_, connect_timeout);
    deadline.async_wait([attempt, self = shared_from_this()](error_code) {
        if (attempt->over) return;
        attempt->late = true;
        error_code ignored;
        self->socket_.close(ignored);
    });
    const auto [error] = co_await socket_.async_connect(endpoint, as_result);
    attempt->over = true;
    if (attempt->late) co_return asio::error::timed_out;
    if (error) co_return error;
    if (endpoint.protocol().family() == AF_UNIX) {
        // unix(7): connect() fails with EAGAIN where the listener's queue is full, and Asio goes on as if it
        // were EINPROGRESS.
        error_code none;
        socket_.remote_endpoint(none);
        if (none) co_return asio::error::would_block;
    } else {
        error_code ignored;
        socket_.set_option(asio::socket_base::keep_alive(true), ignored);
        ::setsockopt(socket_.native_handle(), IPPROTO_TCP, TCP_USER_TIMEOUT, &unacknowledged,
                     sizeof unacknowledged);
    }
    co_return error_code();
}

void PushSocket::frame(const backlog::Line& line, std::string& batch) {
    framed(line);
    batch += line.text;
    if (about_the_reader(line.type)) return;
    if (lines_++ == 0) oldest_ = line.entry ? line.entry->learnt : Clock::now();
}

asio::awaitable<Delivered> PushSocket::deliver(const std::string& batch) {
    const state::Time begun = Clock::now();
    batch_ = batch;
    taken_ = 0;
    while (taken_ < batch_.size() && !stopped_) {
        if (connected_)
            co_await write();
        else
            co_await turned_.async_wait(as_result);
    }
    const bool whole = taken_ == batch_.size();
    batch_ = {};
    if (!whole) {  // what was taken is delivered all the same
        const auto lines =
            std::count(batch.begin(), batch.begin() + static_cast<std::ptrdiff_t>(taken_), '\n');
        const std::uint64_t delivered = std::min(lines_, static_cast<std::uint64_t>(lines));
        counters_.delivered += delivered;
        lines_ -= delivered;
        co_return Delivered::nobody;
    }
    attempted(Counters::Outcome::success, Clock::now() - begun);
    counters_.delivered += std::exchange(lines_, 0);
    oldest_.reset();
    dealt_with();
    co_return Delivered::yes;
}

// As much as there is room for, or waits for some.
asio::awaitable<void> PushSocket::write() {
    const std::string_view rest = batch_.substr(taken_);
    const ssize_t sent =
        ::send(socket_.native_handle(), rest.data(), rest.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent >= 0) {
        taken_ += static_cast<std::size_t>(sent);
    } else if (errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS) {
        co_await socket_.async_wait(Socket::wait_write, as_result);
    } else if (errno != EINTR) {
        failed("cannot write", error_code(errno, boost::system::system_category()));
    }
}

void PushSocket::failed(std::string_view what, error_code error) {
    const bool no_family = error == asio::error::address_family_not_supported;
    const bool full = error == asio::error::would_block;
    failed(what,
           no_family ? std::string(no_internet)
           : full    ? "its listener accepts no more: too many wait"
           : error   ? error.message()
                     : "",
           error == asio::error::timed_out ? Counters::Outcome::timeout : Counters::Outcome::network_error);
}

void PushSocket::failed(std::string_view what, std::string_view why, Counters::Outcome outcome) {
    last_error_ = std::string(what) + " (" + settings_.address() + ")";
    if (!why.empty()) last_error_.append(": ").append(why);
    ++counters_.attempts[static_cast<std::size_t>(outcome)];
    settings_.tell(Tone::trouble, last_error_);
    disconnect();
}

// A line of which the listener got only the begin is written whole on the next connection.
void PushSocket::disconnect() {
    connected_ = false;
    error_code ignored;
    socket_.close(ignored);
    look_up_.cancel();
    if (taken_ > 0) taken_ = batch_.rfind('\n', taken_ - 1) + 1;  // npos + 1 is 0
    turned_.cancel();
}

Standing PushSocket::standing() const {
    Standing standing;
    standing.up = connected_;
    standing.lag = lines_;
    standing.position = position();
    standing.waiting = oldest_;
    standing.last_error = last_error_;
    if (!connected_ && retry_.at() > Clock::now()) standing.next_retry = retry_.at();
    return standing;
}

void PushSocket::network_returned(state::Time now) {
    if (settings_.path.empty() && retry_.network_returned(now, random())) paused_.cancel();
}

}  // namespace nlwatch::sink
