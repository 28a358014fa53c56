// One connection's requests, answered one after the other.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "http/connection.hpp"
#include "http/response.hpp"
#include "http/server.hpp"
#include "http/target.hpp"

namespace nlwatch::http {

class EventStream;

// What all sessions of a server have in common.
struct Shared {
    Sources sources;
    std::vector<std::string> hosts;
    std::vector<std::string> controls;  // the paths of Sources::controls
    Limits limits;
    Counters counters;
    std::array<std::size_t, forms> followers{};
};

// Lives as long as its coroutine does.
class Session : public std::enable_shared_from_this<Session> {
public:
    // `gone` is called once, when the connection has ended.
    Session(Socket, GroupSet, std::shared_ptr<Shared>, std::function<void(Session&)> gone);

    void start();
    // A follower gets one last write; an answer under way goes on to its end, and is the last. A request that
    // is there, or the first of a connection that has just been made, is still answered: the client cannot
    // know. Else the end.
    void finish();
    void end();  // at once
    bool answering() const { return answering_; }

private:
    boost::asio::awaitable<void> serve();
    // Each returns whether the connection can go on. True for a request whose answer is whole.
    boost::asio::awaitable<bool> answer(const Request&);
    boost::asio::awaitable<bool> answer_route(const Request&, Route, const Target&);
    boost::asio::awaitable<bool> answer_metrics(const Request&);
    boost::asio::awaitable<bool> answer_control(const Request&, const Target& target);
    boost::asio::awaitable<bool> answer_state(const Request&, const Target&);
    boost::asio::awaitable<bool> answer_events(const Request&, const Target&);
    boost::asio::awaitable<bool> refuse(const Request&, unsigned status, const std::string& why,
                                        std::string_view more = {});
    boost::asio::awaitable<bool> send_text(const Request&, unsigned status, std::string_view type,
                                           const std::string& text, std::string_view more = {});
    std::string head(const Request&, Head) const;
    bool host_is_right(const Request&, const Target&, Refusal&) const;

    std::shared_ptr<Connection> connection_;
    GroupSet groups_;
    std::shared_ptr<Shared> shared_;
    std::function<void(Session&)> gone_;
    boost::asio::cancellation_signal stop_;
    std::shared_ptr<EventStream> stream_;  // while /v1/events is being answered
    bool running_ = true, asked_ = false, answering_ = false, ended_ = false;
    bool finishing_ = false, last_ = false;  // stop() was called; nothing is received behind this request
};

}  // namespace nlwatch::http
