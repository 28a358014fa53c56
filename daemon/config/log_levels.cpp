#include "config/log_levels.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <optional>

#include "record/nearest.hpp"
#include "record/safe_text.hpp"

namespace nlwatch::config {

namespace {

std::string_view trimmed(std::string_view text) {
    const std::size_t begin = std::min(text.find_first_not_of(' '), text.size());
    text.remove_prefix(begin);
    return text.substr(0, text.find_last_not_of(' ') + 1);
}

template <class Words>
std::string unknown(std::string_view what, std::string_view word, const Words& known) {
    const auto meant = record::nearest(word, known);
    return fmt::format("there is no {} '{}'{}; there are: {}", what, record::safe(word),
                       meant ? fmt::format(" (did you mean '{}'?)", *meant) : "", fmt::join(known, " "));
}

std::optional<LogLevel> level_named(std::string_view word) {
    const auto found = std::find(log_level_names.begin(), log_level_names.end(), word);
    if (found == log_level_names.end()) return std::nullopt;
    return static_cast<LogLevel>(found - log_level_names.begin());
}

}  // namespace

LogLevel LogLevels::of(std::string_view component) const {
    const auto found = components.find(component);
    return found == components.end() ? overall : found->second;
}

std::variant<LogLevels, std::string> parse_log_levels(std::string_view text) {
    LogLevels levels;
    bool overall = false;
    for (std::size_t at = 0; at <= text.size();) {
        const std::size_t end = std::min(text.find(',', at), text.size());
        const std::string_view part = trimmed(text.substr(at, end - at));
        at = end + 1;
        const std::size_t equals = part.find('=');
        const bool named = equals != std::string_view::npos;
        const std::string_view component = named ? trimmed(part.substr(0, equals)) : std::string_view{};
        const std::string_view word = named ? trimmed(part.substr(equals + 1)) : part;
        const auto level = level_named(word);
        if (word.empty()) return std::string{"a level is missing: write \"info\" or \"info,netlink=debug\""};
        if (!level) return unknown("level", word, log_level_names);
        if (named &&
            std::find(log_components.begin(), log_components.end(), component) == log_components.end())
            return unknown("component", component, log_components);
        const bool fresh = named ? levels.components.emplace(component, *level).second : !overall;
        if (!fresh)
            return fmt::format("{} is given twice", named ? fmt::format("the level of '{}'", component)
                                                          : std::string{"the overall level"});
        if (named) continue;
        overall = true;
        levels.overall = *level;
    }
    return levels;
}

}  // namespace nlwatch::config
