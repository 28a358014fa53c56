#include "http/query.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "backlog/request_words.hpp"
#include "http/text.hpp"
#include "record/nearest.hpp"
#include "record/safe_text.hpp"

namespace nlwatch::http {

namespace {

using backlog::RequestWords;
using Lists = std::vector<std::pair<std::string_view, std::vector<std::string> RequestWords::*>>;

const Lists& lists() {
    static const Lists all{{"kind", &RequestWords::kinds},
                           {"interface", &RequestWords::interfaces},
                           {"link_kind", &RequestWords::link_kinds},
                           {"type", &RequestWords::types},
                           {"transition", &RequestWords::transitions}};
    return all;
}

constexpr std::string_view words_of_events[] = {"kind",       "interface", "link_kind", "type",
                                                "transition", "since",     "snapshot",  "limit"};
constexpr std::string_view words_of_state[] = {"kind", "interface", "link_kind"};
using Known = std::span<const std::string_view>;

std::string unknown(const Word& word, std::string_view path, Known known) {
    std::string text = "unknown word '" + record::safe_excerpt(word.name) + "' in the query of " +
                       record::safe_excerpt(path);
    if (const auto meant = record::nearest(word.name, known))
        text += " (did you mean '" + std::string(*meant) + "'?)";
    text += "; there are:";
    for (const std::string_view it : known) text.append(" ").append(it);
    return text;
}

std::string not_a(const Word& word, std::string_view what) {
    return word.name + "=" + record::safe_excerpt(word.value) + " is not " + std::string(what);
}

std::optional<std::string> read_single(const Word& word, RequestWords& words) {
    const bool again = (word.name == "since" && words.since) || (word.name == "snapshot" && words.snapshot) ||
                       (word.name == "limit" && words.limit);
    if (again) return word.name + " can be said once only";
    if (word.name == "since") {
        words.since = word.value;
    } else if (word.name == "snapshot") {
        if (word.value != "0" && word.value != "1") return not_a(word, "0 or 1");
        words.snapshot = word.value == "1";
    } else {
        const char* const end = word.value.data() + word.value.size();
        std::uint64_t limit{};
        const auto [behind, error] = std::from_chars(word.value.data(), end, limit);
        if (error != std::errc{} || behind != end) return not_a(word, "a number of records");
        words.limit = limit;
    }
    return std::nullopt;
}

// Why they cannot be read; null if they are.
std::optional<std::string> read(const Target& target, Known known, RequestWords& words) {
    for (const Word& word : target.query) {
        if (std::find(known.begin(), known.end(), word.name) == known.end())
            return unknown(word, target.path, known);
        const auto list = std::find_if(lists().begin(), lists().end(),
                                       [&](const auto& it) { return it.first == word.name; });
        if (list != lists().end())
            (words.*list->second).push_back(word.value);
        else if (auto wrong = read_single(word, words))
            return wrong;
    }
    return std::nullopt;
}

}  // namespace

std::variant<backlog::Request, std::string> events_request(const Target& target,
                                                           std::string_view last_event_id) {
    RequestWords words;
    if (auto wrong = read(target, words_of_events, words)) return *std::move(wrong);
    if (!last_event_id.empty()) {
        words.since = last_event_id;
        if (words.snapshot == true) words.snapshot.reset();
    }
    return backlog::read_request(words);
}

std::variant<record::Filter, std::string> state_request(const Target& target) {
    RequestWords words;
    if (auto wrong = read(target, words_of_state, words)) return *std::move(wrong);
    auto request = backlog::read_request(words);
    if (auto* wrong = std::get_if<std::string>(&request)) return std::move(*wrong);
    return std::get<backlog::Request>(std::move(request)).filter;
}

bool accepts_sse(std::string_view accept) {
    while (!accept.empty()) {
        const std::size_t end = std::min(accept.find(','), accept.size());
        std::string_view range = accept.substr(0, end);
        accept.remove_prefix(std::min(end + 1, accept.size()));
        const std::size_t semicolon = std::min(range.find(';'), range.size());
        if (!same_word(trimmed(range.substr(0, semicolon)), "text/event-stream")) continue;
        // A weight of zero means "not this": RFC 9110 §12.4.2.
        const std::string_view parameters = trimmed(range.substr(std::min(semicolon + 1, range.size())));
        const bool weighed = parameters.starts_with("q=0") || parameters.starts_with("Q=0");
        return !weighed || parameters.find_first_of("123456789", 3) != std::string_view::npos;
    }
    return false;
}

}  // namespace nlwatch::http
