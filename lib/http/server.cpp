#include "http/server.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <exception>
#include <utility>

#include "http/connection.hpp"
#include "http/response.hpp"
#include "http/session.hpp"

namespace nlwatch::http {

namespace asio = boost::asio;

namespace {

constexpr auto pause_without_descriptors = std::chrono::milliseconds{200};
constexpr std::size_t most_refused_at_once = 64;  // that are told so at leisure
constexpr std::size_t kept_for_control =
    16;  // beyond max_connections: readers must not shut out who is in charge
constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

void rethrow(std::exception_ptr bug) {
    if (bug) std::rethrow_exception(bug);
}

// So that a peer whose machine or network is gone is noticed in minutes, and short answers are not held back.
void set_up(Socket& socket) {
    boost::system::error_code error;
    const auto local = socket.local_endpoint(error);
    if (error || local.protocol().family() == AF_UNIX) return;
    const auto set = [&](int level, int name, int value) {
        ::setsockopt(socket.native_handle(), level, name, &value, sizeof value);
    };
    set(SOL_SOCKET, SO_KEEPALIVE, 1);
    set(IPPROTO_TCP, TCP_KEEPIDLE, 60);   // seconds
    set(IPPROTO_TCP, TCP_KEEPINTVL, 15);  // seconds
    set(IPPROTO_TCP, TCP_KEEPCNT, 4);
    set(IPPROTO_TCP, TCP_NODELAY, 1);
}

std::string refusal_text(std::size_t max_connections) {
    std::string body;
    record::error_line(body,
                       "no more than " + std::to_string(max_connections) +
                           " connections are served at a time (max_connections in [http]); try again later");
    Head head;
    head.status = 503;
    head.type = "application/json";
    head.more = "Retry-After: 1\r\n";
    head.length = body.size();
    head.keep_alive = false;
    return head_text(head, std::chrono::system_clock::now()) + body;
}

}  // namespace

struct Server::Door {
    explicit Door(Listener its)
        : acceptor(std::move(its.acceptor)), groups(its.groups), pause(acceptor.get_executor()) {}
    Acceptor acceptor;
    GroupSet groups;
    asio::steady_timer pause;
};

std::shared_ptr<Server> Server::start(asio::any_io_executor executor, std::vector<Listener> listeners,
                                      Sources sources, std::vector<std::string> hosts, Limits limits) {
    const std::shared_ptr<Server> server(
        new Server(std::move(executor), std::move(sources), std::move(hosts), limits));
    for (Listener& listener : listeners) {
        server->doors_.push_back(std::make_unique<Door>(std::move(listener)));
        asio::co_spawn(server->executor_, server->accept_at(*server->doors_.back()),
                       [server](std::exception_ptr bug) { rethrow(bug); });
    }
    return server;
}

Server::Server(asio::any_io_executor executor, Sources sources, std::vector<std::string> hosts, Limits limits)
    : executor_(std::move(executor)),
      shared_(new Shared{std::move(sources), std::move(hosts), {}, limits, {}, {}}),
      grace_(executor_),
      last_call_(executor_) {
    for (const auto& [path, control] : shared_->sources.controls) shared_->controls.push_back(path);
}

Server::~Server() = default;

std::size_t Server::followers(Form form) const { return shared_->followers[static_cast<std::size_t>(form)]; }
const Counters& Server::counters() const { return shared_->counters; }

void Server::stop() {
    if (std::exchange(stopping_, true)) return;
    boost::system::error_code ignored;
    for (const auto& door : doors_) {
        door->acceptor.close(ignored);
        door->pause.cancel();
    }
    const std::unordered_set<Connection*> refused = std::exchange(refused_, {});
    for (Connection* connection : refused) connection->close();
    finish_sessions();
}

void Server::finish_sessions() {
    const std::unordered_set<Session*> all = sessions_;
    for (Session* session : all) session->finish();
    if (sessions_.empty()) return;
    const auto ends_then = [self = shared_from_this()](bool also_answering) {
        return [self, also_answering](boost::system::error_code error) {
            if (error) return;
            const std::unordered_set<Session*> sessions = self->sessions_;
            for (Session* session : sessions)
                if (also_answering || !session->answering()) session->end();
        };
    };
    grace_.expires_after(shared_->limits.grace);
    grace_.async_wait(ends_then(true));
    last_call_.expires_after(shared_->limits.last_call);
    last_call_.async_wait(ends_then(false));
}

asio::awaitable<void> Server::accept_at(Door& door) {
    Acceptor& acceptor = door.acceptor;
    while (acceptor.is_open()) {
        auto [error, socket] = co_await acceptor.async_accept(as_result);
        if (!error) {
            serve(std::move(socket), door.groups);
            // Accepted in the very turn that stopped the server: its client was never refused.
            if (stopping_) finish_sessions();
            continue;
        }
        if (stopping_) break;
        // The client went before it was accepted: nothing is lost, and the next accept waits. Anything else
        // (no descriptors, no memory) leaves it in the queue, where it would be met again at once.
        if (error == asio::error::connection_aborted) continue;
        ++shared_->counters.accept_failures;
        door.pause.expires_after(pause_without_descriptors);
        co_await door.pause.async_wait(as_result);
    }
}

void Server::serve(Socket socket, GroupSet groups) {
    set_up(socket);
    const std::size_t reserve = groups.has(Group::control) ? kept_for_control : 0;
    if (sessions_.size() >= shared_->limits.max_connections + reserve) {
        ++shared_->counters.refused;
        refuse(std::move(socket));
        return;
    }
    ++shared_->counters.accepted;
    const auto session = std::make_shared<Session>(
        std::move(socket), groups, shared_, [self = shared_from_this()](Session& it) { self->gone(it); });
    sessions_.insert(session.get());
    session->start();
}

void Server::gone(Session& session) {
    sessions_.erase(&session);
    if (!sessions_.empty()) return;
    grace_.cancel();
    last_call_.cancel();
}

void Server::refuse(Socket socket) {
    ++shared_->counters.answers[5];
    const auto connection = std::make_shared<Connection>(std::move(socket), shared_->limits);
    if (refused_.size() >= most_refused_at_once) {
        connection->write_between(refusal_text(shared_->limits.max_connections));
        return;
    }
    refused_.insert(connection.get());
    asio::co_spawn(executor_, tell_refused(connection),
                   [self = shared_from_this()](std::exception_ptr bug) { rethrow(bug); });
}

asio::awaitable<void> Server::tell_refused(std::shared_ptr<Connection> connection) {
    const std::string text = refusal_text(shared_->limits.max_connections);
    if (co_await connection->write(text)) co_await connection->close_gently();
    refused_.erase(connection.get());
}

}  // namespace nlwatch::http
