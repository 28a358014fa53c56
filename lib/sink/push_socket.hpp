// The push socket: connects to a listener (Vector, rsyslog, Fluent Bit, socat) and writes it the stream,
// NDJSON.
#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>

#include "sink/destination.hpp"
#include "sink/look_up.hpp"
#include "sink/retry.hpp"

namespace nlwatch::sink {

// Best effort: what the system took from us counts as delivered. When the listener comes back the stream goes
// on with the first line that was not taken whole; what the backlog cannot hold meanwhile is told by a gap.
class PushSocket final : public Destination, public std::enable_shared_from_this<PushSocket> {
public:
    struct Settings {
        std::string path;        // of a Unix socket; empty: TCP
        std::string host, port;  // a name or an address; looked up anew for each connection
        Tell tell;

        std::string address() const {  // for people
            if (!path.empty()) return path;
            return (host.find(':') == std::string::npos ? host : "[" + host + "]") + ":" + port;
        }
    };
    PushSocket(boost::asio::any_io_executor, Settings);

    // Connects, and stays connected, until stop().
    void start();
    void set(Settings);

    void frame(const backlog::Line&, std::string& batch) override;
    boost::asio::awaitable<Delivered> deliver(const std::string& batch) override;
    void stop() override;

    Standing standing() const override;
    void network_returned(state::Time) override;

private:
    using Socket = boost::asio::generic::stream_protocol::socket;
    using Endpoint = LookUp::Endpoint;

    boost::asio::awaitable<void> stay_connected();
    boost::asio::awaitable<void> wait_for_retry();
    boost::asio::awaitable<bool> connect();
    boost::asio::awaitable<LookUp::Result> endpoints();
    boost::asio::awaitable<boost::system::error_code> connect_to(Endpoint);
    boost::asio::awaitable<void> write();
    void failed(std::string_view what, boost::system::error_code);
    void failed(std::string_view what, std::string_view why, Counters::Outcome);
    void disconnect();
    double random() { return std::uniform_real_distribution{}(random_); }

    boost::asio::any_io_executor executor_;
    Settings settings_;
    Socket socket_;
    LookUp look_up_;
    boost::asio::steady_timer turned_;  // cancelled when `connected_` or `stopped_` has turned
    boost::asio::steady_timer paused_;  // until the retry; cancelled when that has moved
    Retry retry_{Retry::Limits{}};
    std::mt19937_64 random_{std::random_device{}()};
    std::uint64_t places_ = 0;  // how often it was sent elsewhere
    bool connected_ = false, stopped_ = false;
    std::string last_error_;  // of this outage
    std::string_view batch_;  // under way
    std::size_t taken_ = 0;   // of it, by the system
    std::uint64_t lines_ = 0;
    std::optional<state::Time> oldest_;  // of them
};

}  // namespace nlwatch::sink
