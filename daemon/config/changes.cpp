#include "config/changes.hpp"

#include <algorithm>

#include "config/fields.hpp"

namespace nlwatch::config {

namespace {

using Names = std::vector<std::string>;

bool holds(const std::vector<Sink>& sinks, const Sink& sink) {
    return std::find(sinks.begin(), sinks.end(), sink) != sinks.end();
}

template <class Value, class Rule>
void add_changed(Names& names, const std::string& key, const Value& a, const Value& b, const Rule&) {
    if (a != b) names.push_back(key);
}

template <class Section, class Fields>
void add_changed(Names& names, const std::string& key, const Section& a, const Section& b,
                 const rule::Table<Fields>& rule) {
    const auto one = [&](const auto& field) {
        add_changed(names, key + "." + std::string{field.key}, a.*field.member, b.*field.member, field.rule);
    };
    std::apply([&](const auto&... field) { (one(field), ...); }, rule.fields);
}

template <class Fields>
void add_changed(Names& names, const std::string& key, const std::vector<Sink>& a, const std::vector<Sink>& b,
                 const rule::Tables<Fields>&) {
    Names sinks;
    for (const Sink& sink : a)
        if (!holds(b, sink)) sinks.push_back(key + "." + sink.name);
    for (const Sink& sink : b)
        if (!holds(a, sink)) sinks.push_back(key + "." + sink.name);
    std::sort(sinks.begin(), sinks.end());
    sinks.erase(std::unique(sinks.begin(), sinks.end()), sinks.end());
    names.insert(names.end(), sinks.begin(), sinks.end());
}

}  // namespace

Changes changes(const Config& running, const Config& wanted) {
    Changes changes;
    const auto one = [&](const auto& part) {
        add_changed(part.applies == Applies::at_once ? changes.at_once : changes.at_restart,
                    std::string{part.key}, running.*part.member, wanted.*part.member, part.rule);
    };
    std::apply([&](const auto&... part) { (one(part), ...); }, parts);
    return changes;
}

Config reloaded(Config running, const Config& wanted) {
    const auto one = [&](const auto& part) {
        if (part.applies == Applies::at_once) running.*part.member = wanted.*part.member;
    };
    std::apply([&](const auto&... part) { (one(part), ...); }, parts);
    return running;
}

}  // namespace nlwatch::config
