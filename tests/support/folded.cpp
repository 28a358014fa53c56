#include "support/folded.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>

#include <array>

namespace nlwatch::test {

using state::Change;
using state::Op;

namespace {

std::string name(const rtnl::IpAddress& address) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    return ::inet_ntop(address.family, address.bytes.data(), text.data(), text.size());
}

std::string subject(const state::Row& row) {
    const std::string link = row.ifname.empty() ? "?" : std::string{row.ifname.view()};
    const rtnl::Address* address = as_address(row);
    return address ? name(address->local) + " on " + link : link;
}

std::string reason(rtnl::Gone gone) {
    constexpr std::array words{"", "", " (moved_netns)", " (link_removed)"};
    return words.at(static_cast<std::size_t>(gone));
}

}  // namespace

std::string words(const Change& change) {
    constexpr std::array origins{"live ", "derived ", "resync ", "audit ", "restart "};
    constexpr std::array verbs{"added ", "changed ", "removed "};
    std::string text = origins.at(static_cast<std::size_t>(change.origin));
    text +=
        verbs.at(static_cast<std::size_t>(change.op())) + subject(change.subject()) + reason(change.reason);
    if (change.missed_ups || change.missed_downs)
        text += ", missed " + std::to_string(change.missed_ups) + " up " +
                std::to_string(change.missed_downs) + " down";
    return text;
}

void Folded::take(const Change& change, const state::Table& source) {
    SCOPED_TRACE(words(change));
    const rtnl::Key& key = change.subject().key;
    const auto held = rows_.find(key);
    EXPECT_EQ(change.before != nullptr, held != rows_.end()) << "not what was told last";
    if (change.before && held != rows_.end()) {
        EXPECT_TRUE(same_state(*change.before, *held->second)) << "not what was told last";
    }
    EXPECT_EQ(source.find(key), change.after) << "the table does not hold it";
    if (key.kind == rtnl::Kind::address) {
        EXPECT_TRUE(rows_.contains(rtnl::link_key(key.ifindex))) << "an address without its link";
    } else if (change.op() == Op::removed) {
        const auto next = rows_.upper_bound(key);
        EXPECT_TRUE(next == rows_.end() || next->first.ifindex != key.ifindex)
            << "a link before what is on it";
    }
    if (change.after)
        rows_[key] = change.after;
    else
        rows_.erase(key);
}

}  // namespace nlwatch::test
