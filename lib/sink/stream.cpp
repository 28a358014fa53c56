#include "sink/stream.hpp"

#include <sys/socket.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <exception>
#include <string>
#include <utility>

#include "record/renderer.hpp"

namespace nlwatch::sink {

namespace asio = boost::asio;
using Acceptor = asio::local::stream_protocol::acceptor;

namespace {
constexpr auto pause_without_descriptors = std::chrono::milliseconds{200};
constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
}  // namespace

std::shared_ptr<StreamServer> StreamServer::start(Acceptor acceptor, backlog::Backlog& backlog,
                                                  WakeUp& wake_up, Limits limits) {
    const std::shared_ptr<StreamServer> server(
        new StreamServer(std::move(acceptor), backlog, wake_up, limits));
    const auto ended = [server](std::exception_ptr bug) {
        if (bug) std::rethrow_exception(bug);
    };
    asio::co_spawn(server->acceptor_.get_executor(), server->accept_clients(), ended);
    return server;
}

StreamServer::StreamServer(Acceptor acceptor, backlog::Backlog& backlog, WakeUp& wake_up, Limits limits)
    : acceptor_(std::move(acceptor)),
      pause_(acceptor_.get_executor()),
      backlog_(backlog),
      wake_up_(wake_up),
      limits_(limits) {}

void StreamServer::stop() {
    boost::system::error_code ignored;
    acceptor_.close(ignored);
    pause_.cancel();
    finish_clients();
}

void StreamServer::finish_clients() {
    while (!clients_.empty()) (*clients_.begin())->finish();
}

asio::awaitable<void> StreamServer::accept_clients() {
    while (acceptor_.is_open()) {
        auto [error, socket] = co_await acceptor_.async_accept(as_result);
        // Also one that was accepted in the very turn that stopped the server: its client was never refused,
        // and waits.
        if (!error) serve(std::move(socket));
        if (!acceptor_.is_open()) break;
        if (!error) continue;
        // The client went before it was accepted: nothing is lost, and the next accept waits. Anything else
        // (no descriptors, no memory) leaves it in the queue, where it would be met again at once.
        if (error == asio::error::connection_aborted) continue;
        ++counters_.accept_failures;
        pause_.expires_after(pause_without_descriptors);
        co_await pause_.async_wait(as_result);
    }
    finish_clients();
}

void StreamServer::serve(StreamClient::Socket socket) {
    if (clients_.size() >= limits_.max_clients) {
        ++counters_.refused;
        refuse(std::move(socket), limits_.max_clients);
        return;
    }
    ++counters_.accepted;
    const auto client = std::make_shared<StreamClient>(
        std::move(socket), backlog::Feed(backlog_, {}), counters_.gaps,
        [self = shared_from_this()](StreamClient& gone) { self->clients_.erase(&gone); });
    clients_.insert(client.get());
    client->start(wake_up_, limits_.batch_bytes);
}

void StreamServer::refuse(StreamClient::Socket socket, std::size_t max_clients) {
    std::string line;
    record::error_line(line, "no more than " + std::to_string(max_clients) +
                                 " clients are served at a time (max_clients in [stream]); try again later");
    ::send(socket.native_handle(), line.data(), line.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
}

}  // namespace nlwatch::sink
