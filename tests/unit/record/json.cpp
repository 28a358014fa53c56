#include "json.hpp"

#include <nlohmann/json.hpp>
#include <set>

namespace nlwatch::test {

using nlohmann::json;

bool is_json(std::string_view text) { return json::accept(text); }

bool has_unique_names(std::string_view text) {
    bool unique = true;
    std::vector<std::set<std::string>> open;
    const auto look = [&](int, json::parse_event_t event, json& value) {
        if (event == json::parse_event_t::object_start) open.emplace_back();
        if (event == json::parse_event_t::object_end) open.pop_back();
        if (event == json::parse_event_t::key) unique &= open.back().insert(value.get<std::string>()).second;
        return true;
    };
    return !json::parse(text, look).is_discarded() && unique;
}

std::string at(std::string_view text, const std::string& pointer) {
    const json whole = json::parse(text, nullptr, false);
    const json::json_pointer where{pointer};
    return whole.is_discarded() || !whole.contains(where) ? std::string{} : whole.at(where).dump();
}

std::vector<std::string> members(std::string_view object) {
    std::vector<std::string> names;
    const auto whole = nlohmann::ordered_json::parse(object);
    for (const auto& [name, value] : whole.items()) names.push_back(name);
    return names;
}

static void gather(const json& object, const std::string& path, std::vector<std::string>& leaves) {
    for (const auto& [name, value] : object.items()) {
        if (value.is_object())
            gather(value, path + '/' + name, leaves);
        else
            leaves.push_back(path + '/' + name);
    }
}

std::vector<std::string> leaves(std::string_view object) {
    std::vector<std::string> all;
    gather(json::parse(object), "", all);
    return all;
}

std::string normal(std::string_view text) { return json::parse(text).dump(); }

std::string undone(std::string_view object, std::string_view before) {
    json whole = json::parse(object);
    const json old_values = json::parse(before);
    for (const auto& [name, value] : old_values.items()) {
        if (value.is_null())
            whole.erase(name);
        else
            whole[name] = value;
    }
    return whole.dump();
}

}  // namespace nlwatch::test
