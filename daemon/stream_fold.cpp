#include "stream_fold.hpp"

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "failure.hpp"

namespace nlwatch {

using nlohmann::json;

namespace {

record::Globs globs(const json& scope, const char* word) {
    return record::Globs{scope.value(word, std::vector<std::string>{})};
}

Hello hello_of(const json& record) {
    Hello hello;
    hello.version = record.value("version", "");
    hello.netns_cookie = record.at("netns").at("cookie").get<std::uint64_t>();
    if (const auto published = record.find("published"); published != record.end())
        hello.published = {globs(*published, "kind"), globs(*published, "interface"),
                           globs(*published, "link_kind")};
    return hello;
}

[[noreturn]] void no_record(std::string_view line, const json::exception& error) {
    throw std::runtime_error("this is no record: " + std::string{line.substr(0, 200)} + ": " + error.what());
}

}  // namespace

Hello read_hello(std::string_view line) {
    try {
        return hello_of(json::parse(line));
    } catch (const json::exception& error) {
        no_record(line, error);
    }
}

void StreamFold::line(std::string_view text) {
    try {
        const json record = json::parse(text);
        const auto& type = record.at("type").get_ref<const std::string&>();
        if (type == "hello") {
            hello_ = hello_of(record);
        } else if (type == "error") {
            throw Failure{exit_code::unreachable, "the daemon says: " + record.value("message", "an error")};
        } else if (type == "snapshot.begin") {
            objects_.clear();
            whole_ = settled_ = false;
        } else if (type == "snapshot.end") {
            whole_ = true;
            settled_ = record.value("settled", false);
        } else if (type == "resync.begin" || type == "resync.end") {
            settled_ = type == "resync.end";
        } else if (const auto key = record.find("key"); key != record.end()) {
            if (type.ends_with(".removed"))
                objects_.erase(key->get<std::string>());
            else
                objects_[key->get<std::string>()] = record.at("object").dump();
        }
    } catch (const json::exception& error) {
        no_record(text, error);
    }
}

}  // namespace nlwatch
