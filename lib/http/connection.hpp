// One connection: requests come in, pieces of answers go out, and all that waits has an end.
#pragma once
#include <array>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "http/acceptor.hpp"
#include "http/limits.hpp"
#include "http/request.hpp"

namespace nlwatch::http {

// Used by one coroutine; close() and watch()'s function are for those beside it. Waits hold it alive, and end
// when it is closed.
class Connection : public std::enable_shared_from_this<Connection> {
public:
    // `limits` must outlive it.
    Connection(Socket, const Limits& limits);

    struct Ended {};  // the peer has gone, or has said nothing for too long
    using Received = std::variant<Ended, Request, Refusal>;
    // The next request, its body read and dropped. Behind a refusal nothing can be received any more.
    boost::asio::awaitable<Received> receive();

    enum class Patience : bool { limited, endless };  // with a peer that takes nothing: Limits::stall
    // Sends the pieces, one behind the other; they must stay as they are until then. False: they could not be
    // sent whole, and nothing can be sent any more.
    boost::asio::awaitable<bool> write(std::string_view first, std::string_view second = {},
                                       std::string_view third = {}, Patience = Patience::limited);
    // As far as it goes without waiting; what is left of it goes before the next write. Nothing at all while
    // a write is under way.
    void write_between(std::string text);
    // The end of an answer, without waiting: what a write has under way, then `text` if all of that went.
    void last_words(std::string_view text);

    // Calls `gone` once when the peer has gone, from now on until unwatch(): for answers that may have
    // nothing to send for a long time. What the peer sends meanwhile is kept for receive(), so far as a
    // header may be long.
    void watch(std::function<void()> gone);
    void unwatch();

    // Sends no more; reads on for a while, so that a peer that is still sending comes to read what was said.
    boost::asio::awaitable<void> close_gently();
    void close();  // at once
    bool open() const { return socket_.is_open(); }
    bool has_input() const;  // received and not used, or to be received at once

    Socket& socket() { return socket_; }

private:
    boost::asio::awaitable<bool> read_some();
    bool send();
    bool idle() const;
    void allow(std::chrono::milliseconds);
    void allow_all_time();
    void watch_on(std::uint64_t watch);
    bool look();

    Socket socket_;
    const Limits& limits_;
    bool unix_;  // a Unix socket tells a half-close from a close; over TCP both look the same

    std::string input_;                     // received and not yet used
    std::array<std::string_view, 4> rest_;  // of what is being sent: `between_`, and the three of write()
    std::string between_;

    boost::asio::steady_timer deadline_;  // of whatever the socket waits for
    bool late_ = false;

    std::function<void()> gone_;
    std::uint64_t watch_ = 0;  // counts up, so that a wait of an earlier watch is known for one
    bool no_more_input_ = false;
};

}  // namespace nlwatch::http
