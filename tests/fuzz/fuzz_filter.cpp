// Any words as a reader's request, and its filter asked about any objects: each line is a word and a value,
// as in the query of a URL ("interface=eth*"), or names an object ("link=eth0 veth", "address=eth0 veth").
//
// What is refused is refused in words that can be told; what is taken obeys the laws of filters, whatever the
// patterns are.
#include <array>
#include <cstdint>
#include <cstdlib>

#include "backlog/request_words.hpp"
#include "record/utf8.hpp"

namespace {

using namespace nlwatch;
using record::Entry;
using record::Sight;

void require(bool holds) {
    if (!holds) std::abort();
}

struct Asked {
    backlog::RequestWords words;
    std::vector<record::Subject> subjects;
    record::Transitions transitions{};
};

void take_line(Asked& asked, std::string_view line) {
    const std::size_t equals = std::min(line.find('='), line.size());
    const std::string_view name = line.substr(0, equals);
    const std::string value{line.substr(std::min(equals + 1, line.size()))};
    if (name == "kind") asked.words.kinds.push_back(value);
    if (name == "interface") asked.words.interfaces.push_back(value);
    if (name == "link_kind") asked.words.link_kinds.push_back(value);
    if (name == "type") asked.words.types.push_back(value);
    if (name == "transition") asked.words.transitions.push_back(value);
    if (name == "since") asked.words.since = value;
    if (name == "has") asked.transitions |= record::transition_named(value).value_or(0);
    if ((name == "link" || name == "address") && asked.subjects.size() < 4) {
        record::Subject& subject = asked.subjects.emplace_back();
        subject.kind = name == "link" ? rtnl::Kind::link : rtnl::Kind::address;
        const std::size_t space = std::min(value.find(' '), value.size());
        subject.ifname = std::string_view{value}.substr(0, space);
        subject.link_kind = std::string_view{value}.substr(std::min(space + 1, value.size()));
    }
}

Asked read(std::string_view rest) {
    Asked asked;
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        take_line(asked, rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return asked;
}

// The last match wins; so one more pattern decides for all that it matches, and for nothing else.
void check_globs(const std::vector<std::string>& patterns, std::string_view text) {
    const record::Globs globs{patterns};
    const bool matched = globs.match(text);
    const auto with = [&](const char* pattern) {
        std::vector<std::string> more = patterns;
        more.emplace_back(pattern);
        return record::Globs{more}.match(text);
    };
    require(with("*") && !with("!*"));
    // An empty list is no list that matches nothing, and the first pattern says what it starts from.
    require(patterns.empty() ? matched : with("!no such name") == matched);
    require(!patterns.empty() || with("!no such name"));
}

void check_position(const std::string& text) {
    const auto position = record::parse_position(text);
    if (position) require(record::to_string(*position) == text);
}

void check_refusal(const std::string& why) {
    require(!why.empty() && why.size() < 1000 && record::is_utf8(why));
    for (const char c : why) require(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
}

// A reader who folds what it sees must not see an object leave that never came, nor twice come.
void check_sight(const record::Filter& filter, const Entry& entry) {
    const Sight sight = filter.sight(entry);
    record::Filter scope = filter;
    scope.types = {}, scope.transitions = 0;
    const Sight in_scope = scope.sight(entry);
    require(sight == Sight::hidden || sight == in_scope);
    if (entry.frame != Entry::Frame::none) return require(in_scope == Sight::as_is);
    const bool was = entry.op != state::Op::added && filter.covers(entry.before);
    const bool is = entry.op != state::Op::removed && filter.covers(entry.after);
    require((in_scope == Sight::hidden) == (!was && !is));
    require((in_scope == Sight::entered) == (entry.op == state::Op::changed && !was && is));
    require((in_scope == Sight::left) == (entry.op == state::Op::changed && was && !is));
}

void check(const record::Filter& filter, const Asked& asked) {
    for (const auto frame : {Entry::Frame::resync_begin, Entry::Frame::resync_end, Entry::Frame::reload}) {
        Entry entry;
        entry.frame = frame;
        check_sight(filter, entry);
    }
    for (const record::Subject& before : asked.subjects)
        for (const record::Subject& after : asked.subjects)
            for (const auto op : {state::Op::added, state::Op::changed, state::Op::removed}) {
                Entry entry;
                entry.op = op, entry.transitions = asked.transitions;
                entry.before = before, entry.after = after;
                check_sight(filter, entry);
            }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Asked asked = read({reinterpret_cast<const char*>(data), size});
    const auto request = backlog::read_request(asked.words);
    if (const auto* why = std::get_if<std::string>(&request)) check_refusal(*why);
    if (const auto* taken = std::get_if<backlog::Request>(&request)) check(taken->filter, asked);
    if (asked.words.since) check_position(*asked.words.since);
    for (const record::Subject& subject : asked.subjects) check_globs(asked.words.interfaces, subject.ifname);
    return 0;
}
