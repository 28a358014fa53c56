// Whatever order the kernel's messages come in that it could send them in, they make the same table: that of
// each object's last word. And every change on the way folds.
//
// What the kernel's order is: that of one object's own messages, an address's between the first and the last
// of its link's. All else may change places.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <deque>

#include "support/journal.hpp"

namespace nlwatch::test {
namespace {

namespace gen = rc::gen;
using rtnl::Update;

// A link under one index: what is said of it, its farewell at the end, and of each address that is on it.
struct Life {
    std::deque<Update> link;
    std::vector<std::deque<Update>> addresses;

    bool ends() const { return !link.empty() && link.back().gone != rtnl::Gone::no; }
};
// How RapidCheck shows one.
void showValue(const Life& life, std::ostream& out) {
    const auto show = [&](const std::deque<Update>& words) {
        for (const Update& update : words) {
            const rtnl::Link* it = rtnl::as_link(update.object);
            out << (update.gone == rtnl::Gone::no ? " +" : " -");
            if (it)
                out << it->ifname.view() << " master " << it->master << " link " << it->link.value_or(0);
            else
                out << "address";
        }
        out << ';';
    };
    show(life.link);
    for (const auto& address : life.addresses) show(address);
}

using Lives = std::deque<Life>;                  // one after the other, under one index
using History = std::map<std::uint32_t, Lives>;  // by index

constexpr std::uint32_t indices = 5;  // so few that they speak of each other often

std::uint32_t any_index() { return *gen::inRange<std::uint32_t>(1, indices + 1); }

// A few attributes: what other rows carry of a link, what a link says of others, and one of its own.
Update any_link(std::uint32_t ifindex, const char* kind, CarrierCounts counts) {
    rtnl::Link it = link(ifindex, "name" + std::to_string(*gen::inRange(0, 4)), kind);
    it.mtu = *gen::inRange<std::uint32_t>(1500, 1502);
    if (*gen::arbitrary<bool>()) it.master = any_index();
    if (*gen::arbitrary<bool>()) it.link = any_index();
    if (*gen::inRange(0, 4) == 0) it.link_netnsid = 1;
    return there(it, counts);
}

std::deque<Update> any_words_of(rtnl::Address address) {
    std::deque<Update> words;
    for (int count = *gen::inRange(1, 5); count > 0; --count) {
        address.scope = *gen::inRange<std::uint8_t>(0, 2);
        words.push_back(*gen::inRange(0, 3) == 0 ? gone(address) : there(address));
    }
    return words;
}

Life any_life(std::uint32_t ifindex, bool last) {
    Life life;
    const char* kind = *gen::element("veth", "bridge");
    for (std::uint32_t count = *gen::inRange(1, 5), n = 0; n < count; ++n)
        life.link.push_back(any_link(ifindex, kind, {n, n}));
    for (std::uint8_t host = *gen::inRange<std::uint8_t>(0, 4); host > 0; --host)
        life.addresses.push_back(any_words_of(host % 2 ? inet(ifindex, host) : inet6(ifindex, host)));
    if (!last || *gen::arbitrary<bool>()) life.link.push_back(gone(*rtnl::as_link(life.link.back().object)));
    return life;
}

History any_history() {
    History history;
    for (std::uint32_t ifindex = 1; ifindex <= indices; ++ifindex)
        for (int lives = *gen::inRange(0, 3); lives > 0; --lives)
            history[ifindex].push_back(any_life(ifindex, lives == 1));
    return history;
}

// What the histories end in, row by row; nothing in it depends on an order.
struct Expected {
    std::map<rtnl::Key, Update> words;

    explicit Expected(const History& history) {
        for (const auto& [ifindex, lives] : history) {
            if (lives.empty() || lives.back().ends()) continue;
            say(lives.back().link.back());
            for (const auto& address : lives.back().addresses) say(address.back());
        }
    }
    void say(const Update& update) {
        if (update.gone == rtnl::Gone::no) words.emplace(update.key, update);
    }
    const rtnl::Link* link(std::uint32_t ifindex) const {
        const auto found = words.find(rtnl::link_key(ifindex));
        return found == words.end() ? nullptr : rtnl::as_link(found->second.object);
    }
    state::Row row(const Update& update) const {
        state::Row row;
        row.key = update.key;
        row.object = update.object;
        row.ifname = link(update.key.ifindex)->ifname;
        row.link_kind = link(update.key.ifindex)->info.kind;
        if (const rtnl::Link* it = rtnl::as_link(update.object))
            for (const std::uint32_t other : rtnl::mentioned_links(*it))
                if (link(other)) row.mentioned.push_back({other, link(other)->ifname});
        return row;
    }
};

// The histories as one stream: whatever may come next is drawn.
class Kernel {
public:
    explicit Kernel(History history) : history_(std::move(history)) {}

    std::optional<Update> next() {
        std::vector<std::deque<Update>*> possible;
        for (auto& [ifindex, lives] : history_)
            if (!lives.empty()) note_possible(ifindex, lives.front(), possible);
        if (possible.empty()) return std::nullopt;
        std::deque<Update>& words = *possible[*gen::inRange<std::size_t>(0, possible.size())];
        const Update update = words.front();
        words.pop_front();
        if (update.gone == rtnl::Gone::no) {
            begun_.insert(update.key.ifindex);
        } else if (update.key.kind == rtnl::Kind::link) {
            begun_.erase(update.key.ifindex);
            history_[update.key.ifindex].pop_front();
        }
        return update;
    }

private:
    // An address may say farewell or not: then it goes with its link.
    void note_possible(std::uint32_t ifindex, Life& life, std::vector<std::deque<Update>*>& possible) const {
        bool silent = true;
        if (begun_.contains(ifindex))
            for (auto& address : life.addresses)
                if (!address.empty()) silent = false, possible.push_back(&address);
        if (!life.link.empty() && (silent || life.link.front().gone == rtnl::Gone::no))
            possible.push_back(&life.link);
    }

    History history_;
    std::set<std::uint32_t> begun_;
};

RC_GTEST_PROP(Order, OfWhatIsUnrelatedMakesNoDifference, ()) {
    const History history = *gen::exec(any_history);
    const Expected expected{history};
    Kernel kernel{history};
    Journal journal;
    while (const auto update = kernel.next()) journal.live(*update);

    RC_ASSERT(journal.state.counters().orphans == 0u);
    RC_ASSERT(journal.state.table().size() == expected.words.size());
    RC_ASSERT(journal.folded().size() == expected.words.size());
    for (const auto& [key, update] : expected.words) {
        const state::RowPtr row = journal.state.table().find(key);
        RC_ASSERT(static_cast<bool>(row));
        RC_ASSERT(same_state(*row, expected.row(update)));
        RC_ASSERT(row->carrier_ups == update.carrier_ups);
        RC_ASSERT(same_state(*journal.folded().at(key), *row));
    }
}

}  // namespace
}  // namespace nlwatch::test
