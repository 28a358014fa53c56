// When the peer of a stream socket has gone, though nothing is ever read from it.
#pragma once
#include <poll.h>

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace nlwatch::sink {

// Both directions are shut: the peer has closed, or died. A half-close is less.
inline bool hung_up(int socket) {
    pollfd look{.fd = socket, .events = 0, .revents = 0};
    return poll(&look, 1, 0) == 1 && (look.revents & (POLLHUP | POLLERR | POLLNVAL)) != 0;
}

// The peer will send no more …
enum class HalfClose : bool {
    stays,  // … which is all that nc -N says with it
    goes,   // … so it has closed: of TCP, where an end is all that can be seen of that before something is
            // sent
};

// Reads what the peer sends, drops it, and returns when the peer has gone, or the socket is closed here.
template <class Socket>
boost::asio::awaitable<void> until_hung_up(Socket& socket, HalfClose half_close) {
    constexpr auto as_result = boost::asio::as_tuple(boost::asio::use_awaitable);
    std::array<char, 4096> ignored;
    for (;;) {
        const auto [error, bytes] = co_await socket.async_read_some(boost::asio::buffer(ignored), as_result);
        if (error == boost::asio::error::eof) break;
        if (error) co_return;
    }
    if (half_close == HalfClose::goes) co_return;
    // Nothing to read tells when it goes: the hang-up does.
    while (!hung_up(socket.native_handle())) {
        const auto [error] = co_await socket.async_wait(Socket::wait_error, as_result);
        if (error) co_return;
    }
}

}  // namespace nlwatch::sink
