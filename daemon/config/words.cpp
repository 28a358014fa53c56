#include "config/words.hpp"

#include <fnmatch.h>
#include <linux/if.h>
#include <spdlog/fmt/fmt.h>

#include <algorithm>

#include "record/entry.hpp"
#include "record/nearest.hpp"
#include "record/safe_text.hpp"

namespace nlwatch::config {

namespace {

using Words = std::vector<std::string_view>;
using Over = rule::Globs::Over;

Words kind_names() {
    Words names;
    for (std::size_t kind = 0; kind < rtnl::kinds; ++kind)
        names.push_back(record::kind_name(static_cast<rtnl::Kind>(kind)));
    return names;
}

// The types of all records that a filter is asked about.
std::vector<std::string> record_types() {
    std::vector<std::string> types;
    for (const std::string_view kind : kind_names())
        for (std::size_t op = 0; op < state::ops; ++op)
            types.push_back(fmt::format("{}.{}", kind, record::op_name(static_cast<state::Op>(op))));
    using Frame = record::Entry::Frame;
    for (const Frame frame : {Frame::resync_begin, Frame::resync_end, Frame::reload})
        types.emplace_back(record::frame_type(frame));
    return types;
}

bool has_wildcard(std::string_view pattern) {
    return pattern.find_first_of("*?[\\") != std::string_view::npos;
}

// Whether a '[' is never closed: fnmatch(3) then takes it for itself, which nobody means.
bool open_bracket(std::string_view pattern) {
    for (std::size_t at = 0; at < pattern.size(); ++at) {
        if (pattern[at] == '\\') {
            ++at;
        } else if (pattern[at] == '[') {
            std::size_t first = at + 1;
            if (first < pattern.size() && (pattern[first] == '!' || pattern[first] == '^')) ++first;
            at = pattern.find(']', first + 1);  // right behind the '[' a ']' stands for itself
            if (at == std::string_view::npos) return true;
        }
    }
    return false;
}

bool matches_any(const std::string& pattern, const std::vector<std::string>& words) {
    return std::any_of(words.begin(), words.end(), [&](const std::string& word) {
        return ::fnmatch(pattern.c_str(), word.c_str(), 0) == 0;
    });
}

std::optional<std::string> wrong_kind(const std::string& pattern) {
    const Words known = kind_names();
    if (matches_any(pattern, {known.begin(), known.end()})) return std::nullopt;
    return fmt::format("there is no kind '{}'{}", record::safe(pattern), meant_or_all(pattern, known));
}

std::optional<std::string> wrong_type(const std::string& pattern) {
    const std::vector<std::string> types = record_types();
    if (matches_any(pattern, types)) return std::nullopt;
    Words known{types.begin(), types.end()};
    if (has_wildcard(pattern))
        known.insert(known.end(), {"link.*", "address.*", "*.added", "*.changed", "*.removed", "resync.*"});
    return fmt::format("no record has the type '{}'{}", record::safe(pattern), meant_or_all(pattern, known));
}

}  // namespace

std::vector<std::string_view> transition_names() {
    Words names;
    for (int bit = 0; bit < record::transition_count; ++bit) names.push_back(record::transition_name(bit));
    return names;
}

template <class Known>
std::string meant_or_all(std::string_view word, const Known& known) {
    if (const auto meant = record::nearest(word, known)) return fmt::format(" (did you mean '{}'?)", *meant);
    return fmt::format("; there are: {}", fmt::join(known, " "));
}
template std::string meant_or_all(std::string_view, const std::vector<std::string_view>&);
template std::string meant_or_all(std::string_view, const std::array<std::string_view, 2>&);
template std::string meant_or_all(std::string_view, const std::array<std::string_view, 3>&);
template std::string meant_or_all(std::string_view, const std::array<std::string_view, 4>&);
template std::string meant_or_all(std::string_view, const std::array<std::string_view, 5>&);

std::optional<std::string> wrong_pattern(std::string_view pattern, Over over) {
    const bool exclude = pattern.starts_with('!');
    const std::string positive{pattern.substr(exclude ? 1 : 0)};
    if (positive.empty())
        return exclude ? "'!' excludes what stands behind it, and nothing does"
                       : "an empty pattern matches nothing; \"*\" matches everything";
    if (positive.find('\0') != std::string::npos) return "no name has a NUL in it";
    if (open_bracket(positive)) return fmt::format("in '{}' a '[' is not closed", record::safe(positive));
    if (over == Over::kinds) return wrong_kind(positive);
    if (over == Over::types) return wrong_type(positive);
    if (over == Over::interfaces && !has_wildcard(positive) && positive.size() >= IFNAMSIZ)
        return fmt::format("'{}' is no interface's name: these have at most {} bytes", record::safe(positive),
                           IFNAMSIZ - 1);
    return std::nullopt;
}

std::optional<std::string> wrong_host(std::string_view host) {
    const std::string shown = record::safe(host);
    if (host.empty()) return "a name is empty";
    if (host.find("//") != std::string_view::npos)
        return fmt::format("'{}' is a URL: only the host's name is to stand here", shown);
    if (host.starts_with('[') && host.ends_with(']')) return std::nullopt;
    if (const std::size_t colon = host.find(':'); colon != std::string_view::npos) {
        if (colon == host.rfind(':'))
            return fmt::format("'{}' has a port: write \"{}\"", shown, record::safe(host.substr(0, colon)));
        return fmt::format("an IPv6 address stands in brackets: write \"[{}]\"", shown);
    }
    if (host.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_") !=
        std::string_view::npos)
        return fmt::format("'{}' is no host's name", shown);
    return std::nullopt;
}

}  // namespace nlwatch::config
