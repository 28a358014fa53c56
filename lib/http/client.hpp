// The client's side of HTTP: one request over a Unix socket, and its answer as it comes.
#pragma once
#include <array>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include "backlog/request_words.hpp"
#include "http/answer.hpp"

namespace nlwatch::http {

// The connection, or what came by it, is of no more use; in words. It can be tried again with another one.
struct ConnectionLost : std::runtime_error {
    using runtime_error::runtime_error;
};

// One exchange: ask(), then more() until it says that this was all. Used by one coroutine; must outlive it.
class Client {
public:
    using Patience = std::chrono::milliseconds;
    static constexpr Patience endless = Patience::max();

    explicit Client(boost::asio::local::stream_protocol::socket connected);
    ~Client();  // closes
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    // Sends the request, and waits for the head of its answer: the status. Throws ConnectionLost, also when
    // nothing comes for so long.
    boost::asio::awaitable<unsigned> ask(std::string_view method, std::string_view target, Patience);
    // Appends what comes next to `body`. False: that was all. Throws ConnectionLost, as ask().
    boost::asio::awaitable<bool> more(std::string& body, Patience);

private:
    struct Wire {
        explicit Wire(boost::asio::local::stream_protocol::socket connected);
        void allow(Patience, const std::shared_ptr<Wire>& self);

        boost::asio::local::stream_protocol::socket socket;
        boost::asio::steady_timer deadline;  // of the wait that is under way
        bool late = false;
    };

    boost::asio::awaitable<void> receive(Patience);
    [[noreturn]] void lost(boost::system::error_code) const;

    std::shared_ptr<Wire> wire_;  // shared with the deadline's handler, which may come late
    AnswerReader reader_;
    AnswerReader::State state_ = AnswerReader::State::header;
    std::string input_, body_;  // received and not yet read; read and not yet given out
    std::array<char, 64 * 1024> chunk_;
};

// The target of GET /v1/events for these words: what events_request() reads.
std::string events_target(const backlog::RequestWords&);

}  // namespace nlwatch::http
