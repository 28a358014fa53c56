#include "client/fetch.hpp"

#include <spdlog/fmt/fmt.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <nlohmann/json.hpp>

#include "client/run.hpp"
#include "http/client.hpp"
#include "record/safe_text.hpp"

namespace nlwatch::client {

namespace asio = boost::asio;

namespace {

asio::awaitable<void> exchange(http::Client& client, std::string_view method, std::string_view target,
                               std::chrono::seconds waits, Reply& reply) {
    reply.status = co_await client.ask(method, target, waits);
    for (bool more = true; more;) more = co_await client.more(reply.body, waits);
}

std::string message_in(const std::string& body) {
    const auto error = nlohmann::json::parse(body, nullptr, false);
    if (!error.is_object() || !error.contains("message") || !error["message"].is_string()) return {};
    return record::safe(error["message"].get<std::string>());
}

}  // namespace

Reply fetch(const std::string& path, Purpose purpose, std::string_view method, std::string_view target,
            std::chrono::seconds waits) {
    asio::io_context io{1};
    http::Client client{connect(io.get_executor(), path, purpose)};
    Reply reply;
    try {
        run(io, exchange(client, method, target, waits, reply));
    } catch (const http::ConnectionLost& lost) {
        throw Failure{exit_code::unreachable,
                      fmt::format("the daemon at {} has not answered: {}", record::safe(path), lost.what())};
    }
    return reply;
}

Failure refused(unsigned status, const std::string& body) {
    std::string message = message_in(body);
    if (message.empty()) message = fmt::format("it answers with the HTTP status {}", status);
    const int code = status == 400   ? exit_code::usage
                     : status == 503 ? exit_code::unreachable
                                     : exit_code::failure;
    return {code, "the daemon refuses: " + message};
}

std::string body_of(Reply reply) {
    if (reply.status != 200) throw refused(reply.status, reply.body);
    return std::move(reply.body);
}

}  // namespace nlwatch::client
