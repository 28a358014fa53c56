#include "netns/truth.hpp"

#include <linux/if_addr.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include <stdexcept>
#include <variant>

#include "rtnl/decode.hpp"

namespace nlwatch::test {

namespace {

Truth dump(Talk& talk) {
    Truth found;
    const auto take = [&](const netlink::Message& message) {
        const auto decoded = rtnl::decode(message);
        const auto* update = std::get_if<rtnl::Update>(&decoded);
        if (!update) throw std::runtime_error("a row cannot be read");
        found.insert_or_assign(update->key, update->object);
    };
    netlink::Request links{RTM_GETLINK, NLM_F_DUMP}, addresses{RTM_GETADDR, NLM_F_DUMP};
    // Without a mask the kernel makes no room for a link that is longer than a page.
    links.body(ifinfomsg{}).attribute(IFLA_EXT_MASK, std::uint32_t{RTEXT_FILTER_VF});
    addresses.body(ifaddrmsg{});
    if (talk.ask(links, take) != 0 || talk.ask(addresses, take) != 0)
        throw std::runtime_error("the kernel refuses a dump");
    return found;
}

std::string name(const rtnl::Key& key) {
    std::string text = key.kind == rtnl::Kind::link ? "link " : "address on link ";
    text += std::to_string(key.ifindex);
    if (key.kind == rtnl::Kind::address)
        text += " ending in " + std::to_string(key.local[key.family == AF_INET ? 3 : 15]);
    return text;
}

}  // namespace

Truth truth(Talk& talk) {
    for (Truth last = dump(talk);;) {
        Truth next = dump(talk);
        if (next == last) return next;
        last = std::move(next);
    }
}

std::string difference(const state::Table& table, const Truth& truth) {
    std::string text;
    for (const auto& [key, object] : truth) {
        const state::RowPtr row = table.find(key);
        if (!row)
            text += name(key) + " is missing\n";
        else if (row->object != object)
            text += name(key) + " is another\n";
    }
    for (state::RowPtr row = table.at_or_after({}); row; row = table.after(row->key))
        if (!truth.contains(row->key)) text += name(row->key) + " is a ghost\n";
    return text;
}

}  // namespace nlwatch::test
