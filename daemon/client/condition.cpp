#include "client/condition.hpp"

#include <algorithm>
#include <array>
#include <sstream>
#include <utility>
#include <vector>

#include "record/nearest.hpp"
#include "record/safe_text.hpp"

namespace nlwatch::client {

namespace {

constexpr std::size_t most_described = 5;  // links, in one sentence

struct WordName {
    std::string_view name;
    Condition::Word word;
};
constexpr std::array names{WordName{"present", Condition::present}, WordName{"gone", Condition::gone},
                           WordName{"up", Condition::up},           WordName{"down", Condition::down},
                           WordName{"carrier", Condition::carrier}, WordName{"usable", Condition::usable}};

std::string known_words() {
    std::string text = "; there are:";
    for (const WordName& it : names) text.append(" ").append(it.name);
    return text;
}

std::string unknown(const std::string& word) {
    std::vector<std::string_view> known;
    for (const WordName& it : names) known.push_back(it.name);
    std::string text = "unknown word '" + record::safe(word) + "' in a condition";
    if (const auto meant = record::nearest(word, known))
        text += " (did you mean '" + std::string{*meant} + "'?)";
    return text + known_words();
}

}  // namespace

std::variant<Condition, std::string> Condition::parse(std::string_view text) {
    std::istringstream in{std::string{text}};  // names of interfaces hold no white space
    Condition condition;
    if (!(in >> condition.glob_))
        return "a condition is an interface and words about it, such as 'eth0 usable'" + known_words();
    for (std::string word; in >> word;) {
        const auto* const found =
            std::find_if(names.begin(), names.end(), [&](const WordName& it) { return it.name == word; });
        if (found == names.end()) return unknown(word);
        condition.words_ |= found->word;
    }
    if (condition.words_ == 0)
        return "what should be true of '" + record::safe(condition.glob_) +
               "'? Say 'eth0 usable', for example" + known_words();
    if ((condition.words_ & gone) && condition.words_ != gone)
        return std::string{"'gone' stands alone: nothing else is true of a link that is not there"};
    if ((condition.words_ & up) && (condition.words_ & down))
        return std::string{"no link is 'up' and 'down'"};
    return condition;
}

backlog::RequestWords Condition::words() const {
    backlog::RequestWords asked;
    asked.interfaces.push_back(glob_);
    if (!(words_ & usable)) asked.kinds.emplace_back("link");
    return asked;
}

void Condition::read(const record::Record& record) {
    if (record.type == "snapshot.begin") {
        links_.clear();
        whole_ = false;
    } else if (record.type == "snapshot.end") {
        whole_ = true;
        for (const auto& [ifindex, link] : links_) judge(link);
    } else if (!record.key.empty() && !record.object.empty()) {
        fold(record);
    }
    if (whole_ && !fulfilled_ && words_ == gone && none_is_there())
        fulfilled_ = "no link '" + record::safe(glob_) + "' is there";
}

void Condition::fold(const record::Record& record) {
    const bool removed = record.op() == "removed";
    if (record.kind() == "link") {
        LinkTexts texts = link_texts(record.object);
        const std::uint32_t ifindex = texts.ifindex;
        Link& link = links_[ifindex];
        link.texts.reset();
        if (!removed) link.texts = std::move(texts);
        judge(link);
        if (removed && link.addresses.empty()) links_.erase(ifindex);
    } else if (record.kind() == "address") {
        const AddressTexts texts = address_texts(record.object);
        Link& link = links_[texts.ifindex];
        if (!removed && texts.usable && texts.scope != "link")
            link.addresses[record.key] = texts.text;
        else
            link.addresses.erase(record.key);
        judge(link);
    }
}

void Condition::judge(const Link& link) {
    if (whole_ && !fulfilled_ && holds(link)) fulfilled_ = describe(link);
}

bool Condition::holds(const Link& link) const {
    if (!link.texts || (words_ & gone)) return false;
    const bool is_up = link.texts->state == "up";
    return (!(words_ & up) || is_up) && (!(words_ & down) || !is_up) &&
           (!(words_ & carrier) || link.texts->carrier) && (!(words_ & usable) || !link.addresses.empty());
}

bool Condition::none_is_there() const {
    return std::none_of(links_.begin(), links_.end(),
                        [](const auto& it) { return it.second.texts.has_value(); });
}

std::string Condition::describe(const Link& link) const {
    const LinkTexts& texts = *link.texts;
    std::string text = texts.name + " is " + texts.state;
    if (!texts.reason.empty()) text += " (" + texts.reason + ")";
    if (texts.state == "down" && texts.carrier) text += ", has a carrier";
    if (!(words_ & usable)) return text;
    if (link.addresses.empty()) return text + ", has no usable address";
    std::string list;
    for (const auto& [key, address] : link.addresses) list += (list.empty() ? "" : ", ") + address;
    return text + ", usable: " + list;
}

std::string Condition::standing() const {
    if (!whole_) return "the daemon has not told its state yet";
    if (none_is_there()) return "no link '" + record::safe(glob_) + "' is there";
    std::string text;
    std::size_t described = 0, more = 0;
    for (const auto& [ifindex, link] : links_) {
        if (!link.texts) continue;
        if (++described > most_described)
            ++more;
        else
            text += (text.empty() ? "" : "; ") + describe(link);
    }
    if (more > 0) text += "; and " + std::to_string(more) + " more";
    return text;
}

}  // namespace nlwatch::client
