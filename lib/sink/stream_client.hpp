// One client of the stream socket: its lines, and what it sends, which is ignored.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "backlog/feed.hpp"
#include "sink/sink.hpp"
#include "sink/wake_up.hpp"

namespace nlwatch::sink {

// Lives as long as its coroutines do, which is until the client has gone or finish() was called.
class StreamClient final : public Sink, public std::enable_shared_from_this<StreamClient> {
public:
    using Socket = boost::asio::local::stream_protocol::socket;

    // `gone` is called once, when the client has ended. `gaps` is counted up for each gap that it is told; it
    // must outlive the client's coroutines, as the feed's backlog and the wake-up must.
    StreamClient(Socket, backlog::Feed, std::uint64_t& gaps, std::function<void(StreamClient&)> gone);

    void start(WakeUp&, std::size_t bytes);
    // One last write, as far as it goes without waiting, then the end.
    void finish();

    void frame(const backlog::Line&, std::string& batch) override;
    bool full(const std::string& batch) const override { return batch.size() >= batch_bytes_; }
    boost::asio::awaitable<Delivered> deliver(const std::string& batch) override;

private:
    bool send();
    void end();

    Socket socket_;
    backlog::Feed feed_;
    std::uint64_t& gaps_;
    std::function<void(StreamClient&)> gone_;
    boost::asio::cancellation_signal stop_pump_;
    std::string_view rest_;  // of the batch under way: not sent yet. Empty between batches
    std::size_t batch_bytes_ = 0;
    bool ended_ = false;
};

}  // namespace nlwatch::sink
