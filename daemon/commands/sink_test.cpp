#include <spdlog/fmt/fmt.h>

#include <chrono>
#include <nlohmann/json.hpp>

#include "client/fetch.hpp"
#include "client/print.hpp"
#include "commands/commands.hpp"
#include "doors.hpp"
#include "failure.hpp"
#include "record/safe_text.hpp"
#include "signals.hpp"

namespace nlwatch::commands {

using nlohmann::json;

namespace {

constexpr std::chrono::minutes patience{10};  // the sink's own timeout ends it

std::string text_in(const json& object, const char* name) {
    const auto found = object.find(name);
    return found == object.end() || !found->is_string() ? "" : record::safe(found->get<std::string>());
}

std::string date_in(const json& object, const char* name) { return text_in(object, name).substr(0, 10); }

std::string in_words(const json& answer) {
    std::string text;
    const auto say = [&](std::string_view name, const std::string& value) {
        if (!value.empty()) text += fmt::format("{:<12} {}\n", name, value);
    };
    const std::string outcome = text_in(answer, "outcome"), url = text_in(answer, "url");
    const auto status = answer.find("status");
    const std::string code = status == answer.end() ? "" : status->dump();
    say("receiver", url);
    say("result", outcome == "success" ? "delivered" : "not delivered: " + outcome);
    say("status", code);
    say("why", text_in(answer, "message"));
    if (outcome != "success") say("it says", text_in(answer, "body"));
    if (const auto seconds = answer.find("seconds"); seconds != answer.end() && seconds->is_number())
        say("time", fmt::format("{:.3f} s", seconds->get<double>()));
    say("address", text_in(answer, "address"));
    say("TLS", text_in(answer, "tls"));
    if (const auto chain = answer.find("certificates"); chain != answer.end() && chain->is_array())
        for (const json& it : *chain)
            say("certificate",
                fmt::format("{}, by {}, from {} to {}", text_in(it, "subject"), text_in(it, "issuer"),
                            date_in(it, "not_before"), date_in(it, "not_after")));
    return text;
}

// In a query every byte may stand as %XX.
std::string encoded(std::string_view text) {
    std::string query;
    for (const char byte : text) query += fmt::format("%{:02X}", static_cast<unsigned char>(byte));
    return query;
}

}  // namespace

int sink_test(const SinkTestOptions& options) {
    end_at_signals();
    const std::string path = doors::socket(options.dir, doors::control);
    const std::string body = client::body_of(client::fetch(
        path, client::Purpose::control, "POST", "/v1/sinks/test?name=" + encoded(options.name), patience));
    const json answer = json::parse(body, nullptr, false);
    if (!answer.is_object())
        throw Failure{exit_code::failure,
                      "the daemon's answer is no JSON object: it may be of another version"};
    client::print(options.output.format == Format::json ? body : in_words(answer));
    return text_in(answer, "outcome") == "success" ? exit_code::ok : exit_code::failure;
}

}  // namespace nlwatch::commands
