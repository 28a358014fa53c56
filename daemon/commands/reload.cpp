#include <spdlog/fmt/fmt.h>

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

constexpr unsigned unprocessable = 422;  // RFC 9110 §15.5.21: understood, and refused for what it would do

std::string keys_in(const json& answer, const char* name) {
    std::string text;
    const auto keys = answer.find(name);
    if (keys == answer.end() || !keys->is_array()) return text;
    for (const json& key : *keys)
        if (key.is_string()) text += (text.empty() ? "" : ", ") + record::safe(key.get<std::string>());
    return text;
}

std::string in_words(const json& answer) {
    const std::string applied = keys_in(answer, "applied"), later = keys_in(answer, "at_restart");
    if (applied.empty() && later.empty())
        return "the configuration is read again, with the files of secrets that it names: nothing in it has "
               "changed\n";
    std::string text;
    if (!applied.empty()) text += fmt::format("applied: {}\n", applied);
    if (!later.empty()) text += fmt::format("changed, but only from the next start on: {}\n", later);
    return text;
}

// The daemon's own text has lines, with a caret under what is wrong: it is safe already, as `check` prints
// it.
Failure refusal(const json& answer) {
    std::string message = "it does not say why";
    if (const auto told = answer.find("message"); told != answer.end() && told->is_string())
        message = told->get<std::string>();
    return {exit_code::configuration,
            "the daemon refuses the configuration, and goes on with the one that it has:\n" + message};
}

}  // namespace

int reload(const ReloadOptions& options) {
    end_at_signals();
    const std::string path = doors::socket(options.dir, doors::control);
    client::Reply reply = client::fetch(path, client::Purpose::control, "POST", "/v1/reload");
    const bool refused = reply.status == unprocessable;
    const std::string body = refused ? std::move(reply.body) : client::body_of(std::move(reply));
    const json answer = json::parse(body, nullptr, false);
    if (!answer.is_object())
        throw Failure{exit_code::failure,
                      "the daemon's answer is no JSON object: it may be of another version"};
    if (refused) throw refusal(answer);
    client::print(in_words(answer));
    return exit_code::ok;
}

}  // namespace nlwatch::commands
