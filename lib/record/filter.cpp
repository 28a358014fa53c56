#include "record/filter.hpp"

#include <fnmatch.h>

#include <algorithm>

namespace nlwatch::record {

bool Globs::match(std::string_view text) const {
    if (patterns_.empty()) return true;
    const std::string whole{text};  // fnmatch(3) wants its NUL; names are short, so this is no allocation
    bool matched = patterns_.front().starts_with('!');
    for (const std::string& pattern : patterns_) {
        const bool exclude = pattern.starts_with('!');
        if (::fnmatch(pattern.c_str() + (exclude ? 1 : 0), whole.c_str(), 0) == 0) matched = !exclude;
    }
    return matched;
}

bool Scope::covers(const Subject& subject) const {
    return kinds.match(kind_name(subject.kind)) && interfaces.match(subject.ifname) &&
           link_kinds.match(subject.link_kind.empty() ? std::string_view{"none"} : subject.link_kind.view());
}

bool Filter::covers(const Subject& subject) const {
    return std::all_of(scopes.begin(), scopes.end(),
                       [&](const Scope& scope) { return scope.covers(subject); });
}

Sight Filter::sight(const Entry& entry) const {
    Sight sight = Sight::as_is;
    std::string type;
    if (entry.frame == Entry::Frame::none) {
        const bool was = entry.op != state::Op::added && covers(entry.before);
        const bool is =
            entry.op != state::Op::removed &&
            (entry.op == state::Op::changed && entry.after == entry.before ? was : covers(entry.after));
        if (!was && !is) return Sight::hidden;
        state::Op op = entry.op;
        if (op == state::Op::changed && was != is) {
            sight = is ? Sight::entered : Sight::left;
            op = is ? state::Op::added : state::Op::removed;
        }
        if (types.empty() && transitions == 0) return sight;
        type = std::string{kind_name((entry.op == state::Op::removed ? entry.before : entry.after).kind)} +
               "." + std::string{op_name(op)};
    } else {
        type = frame_type(entry.frame);
    }
    return shows(type, entry.transitions) ? sight : Sight::hidden;
}

}  // namespace nlwatch::record
