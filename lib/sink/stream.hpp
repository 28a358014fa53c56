// The stream socket: connect and read.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <unordered_set>

#include "backlog/backlog.hpp"
#include "sink/pump.hpp"
#include "sink/stream_client.hpp"
#include "sink/wake_up.hpp"

namespace nlwatch::sink {

// Every client gets the default view: hello, snapshot, live. Each at its own pace; one that does not read
// costs its batch and nobody's time. Until the backlog begins clients wait in silence.
class StreamServer : public std::enable_shared_from_this<StreamServer> {
public:
    struct Limits {
        std::size_t max_clients = 256;
        std::size_t batch_bytes = default_batch_bytes;
    };
    struct Counters {
        std::uint64_t accepted{}, refused{};  // refused: one client too many
        std::uint64_t accept_failures{};      // out of descriptors or memory; each is followed by a pause
        std::uint64_t gaps{};                 // told to clients
    };

    // `acceptor` listens already, on a Unix path or as it was passed in. The backlog and the wake-up must
    // outlive the coroutines, which keep the server alive: until stop(), and the reactor's next turn behind
    // it.
    static std::shared_ptr<StreamServer> start(boost::asio::local::stream_protocol::acceptor acceptor,
                                               backlog::Backlog&, WakeUp&, Limits);

    // No more clients; those there are get one last write without waiting.
    void stop();

    std::size_t clients() const { return clients_.size(); }
    const Counters& counters() const { return counters_; }

private:
    StreamServer(boost::asio::local::stream_protocol::acceptor, backlog::Backlog&, WakeUp&, Limits);
    boost::asio::awaitable<void> accept_clients();
    void finish_clients();
    void serve(StreamClient::Socket);
    static void refuse(StreamClient::Socket, std::size_t max_clients);

    boost::asio::local::stream_protocol::acceptor acceptor_;
    boost::asio::steady_timer pause_;
    backlog::Backlog& backlog_;
    WakeUp& wake_up_;
    Limits limits_;
    std::unordered_set<StreamClient*> clients_;  // kept alive by their coroutines, as they keep the server
    Counters counters_;
};

}  // namespace nlwatch::sink
