#include "http_world.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "http/tcp_listener.hpp"

namespace nlwatch::test {

namespace asio = boost::asio;

HttpWorld::HttpWorld(std::size_t ring_bytes, record::Scope published, bool begun)
    : world(ring_bytes, std::move(published)) {
    world.link(1, "lo");
    world.link(2, "eth2");
    world.address(2, 10);
    world.backlog.set_settled(true);
    if (begun) world.backlog.begin();
}

HttpWorld::~HttpWorld() {
    if (!server) return;
    server->stop();
    metrics_held = false;
    EXPECT_TRUE(until([&] { return server->connections() == 0; }));
    settle();
}

http::Sources HttpWorld::sources() {
    http::Sources it{world.backlog, wake_up, {}, {}, {}, {}};
    it.status = [] { return std::string("{\"status\":\"fine\"}\n"); };
    it.unready = [this] { return unready; };
    it.metrics = [this]() -> asio::awaitable<std::string> {
        asio::steady_timer wait(reactor);
        while (metrics_held) {
            wait.expires_after(std::chrono::milliseconds{1});
            co_await wait.async_wait(asio::as_tuple(asio::use_awaitable));
        }
        co_return metrics;
    };
    it.controls["/v1/reload"] = [this](const http::Target&) -> asio::awaitable<http::Answer> {
        ++reloads;
        co_return http::Answer(200, "{\"applied\":true}\n");
    };
    return it;
}

void HttpWorld::serve() {
    sink::UnixListener reading =
        sink::listen_unix(reactor.get_executor(), {.path = path, .mode = 0600, .group = ""});
    sink::UnixListener control =
        sink::listen_unix(reactor.get_executor(), {.path = control_path, .mode = 0600, .group = ""});
    file_ = std::move(reading.file);
    control_file_ = std::move(control.file);
    http::Acceptor tcp = http::listen_tcp(reactor.get_executor(), "127.0.0.1", 0);
    const auto local = tcp.local_endpoint();
    port = ntohs(reinterpret_cast<const sockaddr_in*>(local.data())->sin_port);
    std::vector<http::Listener> listeners;
    listeners.push_back({http::Acceptor(std::move(reading.acceptor)), http::GroupSet::every_get()});
    listeners.push_back({std::move(tcp), {http::Group::metrics, http::Group::health}});
    listeners.push_back({http::Acceptor(std::move(control.acceptor)), {http::Group::control}});
    server =
        http::Server::start(reactor.get_executor(), std::move(listeners), sources(), {"localhost"}, limits);
}

void HttpWorld::churn(int count) {
    world.churn(2, count);
    wake_up.notify();
}

Reply HttpWorld::answer(RawClient& client, bool to_head) {
    std::optional<Reply> reply;
    EXPECT_TRUE(until([&] {
        const bool open = client.read();
        reply = client.take_reply(to_head);
        return reply.has_value() || !open;
    }));
    EXPECT_TRUE(reply.has_value()) << "instead of an answer: " << client.text.substr(0, 1000);
    return reply.value_or(Reply());
}

Reply HttpWorld::get(const std::string& target, const std::string& more) {
    RawClient client(path);
    client.send(request(target, more));
    return answer(client);
}

bool HttpWorld::ends(RawClient& client) {
    return until([&] { return !client.read(); });
}

bool HttpWorld::hears(RawClient& client, std::string_view text) {
    constexpr std::size_t enough = 100'000;
    return until([&] {
        client.read();
        const std::size_t from = client.text.size() - std::min(client.text.size(), enough);
        return std::string_view(client.text).substr(from).find(text) != std::string_view::npos;
    });
}

std::string request(const std::string& target, const std::string& more, const std::string& method) {
    return method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n" + more + "\r\n";
}

std::vector<std::string> lines_in(std::string_view text) {
    std::vector<std::string> lines;
    for (std::size_t end; (end = text.find('\n')) != std::string_view::npos; text.remove_prefix(end + 1))
        lines.emplace_back(text.substr(0, end));
    return lines;
}

std::vector<Line> view_lines(std::string_view ndjson) {
    std::vector<Line> lines;
    for (const std::string& text : lines_in(ndjson)) {
        const std::string type = member(text, "type").value_or("");
        const record::Position at{run, std::stoull(member(text, "seq").value_or("0"))};
        const bool row = member(text, "origin") == "snapshot";
        const bool numbered =
            member(text, "key").has_value() ? !row : type == "reload" || type.starts_with("resync.");
        lines.push_back({type, text + "\n", at, numbered || type == "snapshot.end" || type == "bookmark"});
    }
    return lines;
}

}  // namespace nlwatch::test
