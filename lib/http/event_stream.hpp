// The answer to /v1/events: a reader's lines as they come, as NDJSON or as server-sent events.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "backlog/feed.hpp"
#include "http/connection.hpp"
#include "http/limits.hpp"
#include "sink/sink.hpp"
#include "sink/wake_up.hpp"

namespace nlwatch::http {

class EventStream final : public sink::Sink, public std::enable_shared_from_this<EventStream> {
public:
    struct Frame {
        Form form{};
        bool chunked{};  // else the end of the connection is the end of the answer
    };
    // The head of the answer has been sent. `limits`, and `gaps`, which is counted up for each gap that is
    // told, must outlive it, as the feed's backlog must.
    EventStream(std::shared_ptr<Connection>, backlog::Feed, Frame, const Limits& limits, std::uint64_t& gaps);

    // Until all that was asked for is delivered (true: the answer is whole, and the connection can go on),
    // the connection was closed, or the calling coroutine was cancelled. `gone` is called if the client goes:
    // it is to do both.
    boost::asio::awaitable<bool> run(sink::WakeUp&, std::function<void()> gone);
    // One last write, as far as it goes without waiting, and the end of the answer. To be followed by a
    // close.
    void finish();

    void frame(const backlog::Line&, std::string& batch) override;
    bool full(const std::string& batch) const override { return batch.size() >= limits_.batch_bytes; }
    boost::asio::awaitable<sink::Delivered> deliver(const std::string& batch) override;

private:
    void beat();

    std::shared_ptr<Connection> connection_;
    backlog::Feed feed_;
    Frame frame_;
    const Limits& limits_;
    std::uint64_t& gaps_;
    boost::asio::steady_timer heartbeat_;
};

}  // namespace nlwatch::http
