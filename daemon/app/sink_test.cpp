#include "app/sink_test.hpp"

#include <spdlog/fmt/fmt.h>

#include <chrono>
#include <nlohmann/json.hpp>

#include "record/cloud_event.hpp"
#include "record/safe_text.hpp"
#include "record/stamp.hpp"
#include "record/utc.hpp"
#if NLWATCH_WEBHOOK
#include "webhook/webhook.hpp"
#endif

namespace nlwatch {

using json = nlohmann::ordered_json;

namespace {

constexpr unsigned ok = 200;
[[maybe_unused]] constexpr unsigned unprocessable = 422;

std::string text_of(const json& answer) {
    return answer.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
}

std::string utc_text(std::chrono::system_clock::time_point time) {
    std::string text;
    record::append_utc(text, time);
    return text;
}

#if NLWATCH_WEBHOOK

std::string test_record(const backlog::Backlog& backlog, const std::string& sink) {
    const record::Identity& identity = backlog.renderer().identity();
    const json record{{"schema", 1},
                      {"run", record::run_text(identity.run)},
                      {"seq", backlog.head()},
                      {"type", "test"},
                      {"time", utc_text(std::chrono::system_clock::now())},
                      {"sink", sink},
                      {"host", {{"name", identity.host_name}}},
                      {"message", "asked for by nlwatch sink test: nothing has changed"}};
    return text_of(record);
}

const char* outcome_name(const sink::Answer& answer) {
    switch (sink::outcome_of(answer)) {
        case sink::Counters::Outcome::success:
            return "success";
        case sink::Counters::Outcome::rejected:
            return "rejected";
        case sink::Counters::Outcome::server_error:
            return "server_error";
        case sink::Counters::Outcome::timeout:
            return "timeout";
        case sink::Counters::Outcome::network_error:
            break;
    }
    return "network_error";
}

json told(const webhook::Response& response, const webhook::Webhook& sink, const std::string& name) {
    json answer{{"schema", 1},
                {"type", "sink_test"},
                {"sink", name},
                {"url", sink.shown_url()},
                {"outcome", outcome_name(webhook::answer_of(response))},
                {"seconds", std::chrono::duration<double>(response.duration).count()}};
    if (response.kind == webhook::Response::Kind::status) answer["status"] = response.status;
    if (!response.address.empty()) answer["address"] = response.address;
    if (!response.tls_version.empty()) answer["tls"] = response.tls_version;
    for (const webhook::Certificate& it : response.chain)
        answer["certificates"].push_back({{"subject", it.subject},
                                          {"issuer", it.issuer},
                                          {"not_before", utc_text(it.not_before)},
                                          {"not_after", utc_text(it.not_after)}});
    if (!response.words.empty()) answer["message"] = response.words;
    if (!response.body.empty()) answer["body"] = response.body;
    return answer;
}

#endif

}  // namespace

http::Answer refusal(unsigned status, const std::string& why) {
    return {status, text_of({{"schema", 1}, {"type", "error"}, {"message", why}})};
}

boost::asio::awaitable<http::Answer> test_sink(sink::Destination& sink, std::string name,
                                               const backlog::Backlog& backlog) {
#if NLWATCH_WEBHOOK
    if (auto* hook = dynamic_cast<webhook::Webhook*>(&sink)) {
        const auto now = std::chrono::system_clock::now().time_since_epoch();
        const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
        // Unlike any other, so that a receiver that drops what it has seen takes each test.
        std::string id = fmt::format("{}-{}-test-{}", record::run_text(backlog.run()), backlog.head(), ms);
        const webhook::Response response =
            co_await hook->test(std::move(id), test_record(backlog, name), backlog.head());
        co_return http::Answer{ok, text_of(told(response, *hook, name))};
    }
#endif
    co_return refusal(unprocessable, fmt::format("'{}' is no webhook: only webhooks can be tried out", name));
}

}  // namespace nlwatch
