#include "backlog/request_words.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "record/nearest.hpp"
#include "record/safe_text.hpp"

namespace nlwatch::backlog {

namespace {

using Known = std::vector<std::string_view>;

// Each record is held against all of them, in a turn that others wait for.
constexpr std::size_t most_patterns = 64;

std::optional<std::string> too_many(const RequestWords& words) {
    for (const auto& [name, list] :
         {std::pair{"kind", &words.kinds}, std::pair{"interface", &words.interfaces},
          std::pair{"link_kind", &words.link_kinds}, std::pair{"type", &words.types}})
        if (list->size() > most_patterns)
            return std::string(name) + ": " + std::to_string(list->size()) + " patterns are more than the " +
                   std::to_string(most_patterns) + " that a reader may have; say it with wildcards";
    return std::nullopt;
}

std::string unknown(std::string_view what, std::string_view word, const Known& known) {
    std::string text = "unknown " + std::string(what) + " '" + record::safe_excerpt(word) + "'";
    if (const auto meant = record::nearest(word, known))
        text += " (did you mean '" + std::string(*meant) + "'?)";
    text += "; there are:";
    for (const std::string_view it : known) text.append(" ").append(it);
    return text;
}

Known kinds() {
    Known known;
    for (std::size_t kind = 0; kind < rtnl::kinds; ++kind)
        known.push_back(record::kind_name(static_cast<rtnl::Kind>(kind)));
    return known;
}

Known transitions() {
    Known known;
    for (int bit = 0; bit < record::transition_count; ++bit) known.push_back(record::transition_name(bit));
    return known;
}

// A glob may match nothing today; a plain word that is no kind is a slip.
std::optional<std::string> wrong_kind(const std::vector<std::string>& globs) {
    for (const std::string_view glob : globs) {
        const std::string_view word = glob.substr(glob.starts_with('!') ? 1 : 0);
        if (word.find_first_of("*?[\\") != std::string_view::npos) continue;
        const Known known = kinds();
        if (std::find(known.begin(), known.end(), word) == known.end()) return unknown("kind", word, known);
    }
    return std::nullopt;
}

}  // namespace

std::variant<Request, std::string> read_request(const RequestWords& words) {
    if (auto wrong = too_many(words)) return *std::move(wrong);
    if (auto wrong = wrong_kind(words.kinds)) return *std::move(wrong);
    Request request;
    const record::Scope scope{record::Globs{words.kinds}, record::Globs{words.interfaces},
                              record::Globs{words.link_kinds}};
    if (!scope.everything()) request.filter.scopes.push_back(scope);
    request.filter.types = record::Globs{words.types};
    for (const std::string& word : words.transitions) {
        const auto transition = record::transition_named(word);
        if (!transition) return unknown("transition", word, transitions());
        request.filter.transitions |= *transition;
    }
    if (words.since) {
        request.since = record::parse_position(*words.since);
        if (!request.since)
            return "since '" + record::safe_excerpt(*words.since) +
                   "' is not a position: it is <run>:<seq>, such as 4f1c2a9be07d4c55:123998";
    }
    request.snapshot = words.snapshot;
    request.limit = words.limit;
    return request;
}

}  // namespace nlwatch::backlog
