// The HTTP server: all its listeners, TCP and Unix alike, and the connections that came by them.
#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "backlog/backlog.hpp"
#include "http/acceptor.hpp"
#include "http/limits.hpp"
#include "http/routes.hpp"
#include "http/target.hpp"
#include "sink/wake_up.hpp"

namespace nlwatch::http {

class Connection;
class Session;
struct Shared;

struct Listener {
    Acceptor acceptor;  // listens already: opened here, or passed in
    GroupSet groups;    // of the routes that it serves
};

// The answer of a control route.
struct Answer {
    Answer(unsigned its_status, std::string its_text) : status(its_status), text(std::move(its_text)) {}
    unsigned status;
    std::string text;  // JSON
};

// What is served; all functions are set. They are called on the reactor, and what they return is resumed
// there; they must not block.
struct Sources {
    backlog::Backlog& backlog;
    sink::WakeUp& wake_up;
    std::function<std::string()> status;                           // JSON
    std::function<boost::asio::awaitable<std::string>()> metrics;  // Prometheus text 0.0.4
    std::function<std::optional<std::string>()> unready;           // why not ready; null if ready
    std::map<std::string, std::function<boost::asio::awaitable<Answer>(const Target&)>>
        controls;  // by path; take POST
};

// Every connection at its own pace: one that does not read costs its batch (64 KiB) and nobody's time.
class Server : public std::enable_shared_from_this<Server> {
public:
    // `hosts`: the names that TCP connections may call this server by, beside their own address. What
    // `sources` refers to must outlive the coroutines, which keep the server alive: until stop(),
    // Limits::grace and the reactor's next turn behind it.
    static std::shared_ptr<Server> start(boost::asio::any_io_executor, std::vector<Listener>, Sources,
                                         std::vector<std::string> hosts, Limits);
    ~Server();

    // No more connections. Followers get one last write without waiting, idle connections are closed; an
    // answer under way may end, so long as Limits::grace, and one that was connected and has not asked yet is
    // answered, within Limits::last_call.
    void stop();

    std::size_t connections() const { return sessions_.size(); }
    std::size_t followers(Form) const;  // who read /v1/events now
    const Counters& counters() const;

private:
    Server(boost::asio::any_io_executor, Sources, std::vector<std::string> hosts, Limits);
    struct Door;
    boost::asio::awaitable<void> accept_at(Door&);
    void serve(Socket, GroupSet);
    void refuse(Socket);
    boost::asio::awaitable<void> tell_refused(std::shared_ptr<Connection>);
    void gone(Session&);
    void finish_sessions();

    boost::asio::any_io_executor executor_;
    std::shared_ptr<Shared> shared_;
    std::vector<std::unique_ptr<Door>> doors_;
    boost::asio::steady_timer grace_, last_call_;
    std::unordered_set<Session*> sessions_;    // kept alive by their coroutines, as they keep the server
    std::unordered_set<Connection*> refused_;  // likewise: being told so
    bool stopping_ = false;
};

}  // namespace nlwatch::http
