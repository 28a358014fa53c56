#include "app/try_sink.hpp"

#include <spdlog/fmt/fmt.h>

#include <chrono>
#include <nlohmann/json.hpp>

#include "metrics/catalogue.hpp"
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

// What a receiver says may be of any bytes.
std::string json_line(const json& value) {
    return value.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
}

constexpr unsigned ok = 200;
[[maybe_unused]] constexpr unsigned unprocessable = 422;

#if NLWATCH_WEBHOOK

std::string test_record(const backlog::Backlog& backlog, const std::string& sink) {
    const record::Identity& identity = backlog.renderer().identity();
    const json record{{"schema", 1},
                      {"run", record::run_text(identity.run)},
                      {"seq", backlog.head()},
                      {"type", "test"},
                      {"time", record::utc_text(std::chrono::system_clock::now())},
                      {"sink", sink},
                      {"host", {{"name", identity.host_name}}},
                      {"message", "asked for by nlwatch sink test: nothing has changed"}};
    return json_line(record);
}

json told(const webhook::Response& response, const webhook::Webhook& sink, const std::string& name) {
    const sink::Counters::Outcome outcome = sink::outcome_of(webhook::answer_of(response));
    json answer{{"schema", 1},
                {"type", "sink_test"},
                {"sink", name},
                {"url", sink.shown_url()},
                {"outcome", metrics::labels::outcomes[static_cast<std::size_t>(outcome)]},
                {"seconds", std::chrono::duration<double>(response.duration).count()}};
    if (response.kind == webhook::Response::Kind::status) answer["status"] = response.status;
    if (!response.address.empty()) answer["address"] = response.address;
    if (!response.tls_version.empty()) answer["tls"] = response.tls_version;
    for (const webhook::Certificate& it : response.chain)
        answer["certificates"].push_back({{"subject", it.subject},
                                          {"issuer", it.issuer},
                                          {"not_before", record::utc_text(it.not_before)},
                                          {"not_after", record::utc_text(it.not_after)}});
    if (!response.words.empty()) answer["message"] = response.words;
    if (!response.body.empty()) answer["body"] = response.body;
    return answer;
}

#endif

}  // namespace

http::Answer refusal(unsigned status, const std::string& why) {
    return {status, json_line({{"schema", 1}, {"type", "error"}, {"message", why}})};
}

boost::asio::awaitable<http::Answer> try_sink([[maybe_unused]] sink::Destination& sink, std::string name,
                                              [[maybe_unused]] const backlog::Backlog& backlog) {
#if NLWATCH_WEBHOOK
    if (auto* hook = dynamic_cast<webhook::Webhook*>(&sink)) {
        const auto now = std::chrono::system_clock::now().time_since_epoch();
        const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
        // Unlike any other, so that a receiver that drops what it has seen takes each test.
        std::string id = fmt::format("{}-{}-test-{}", record::run_text(backlog.run()), backlog.head(), ms);
        const webhook::Response response =
            co_await hook->test(std::move(id), test_record(backlog, name), backlog.head());
        co_return http::Answer{ok, json_line(told(response, *hook, name))};
    }
#endif
    co_return refusal(unprocessable, fmt::format("'{}' is no webhook: only webhooks can be tried out", name));
}

}  // namespace nlwatch
