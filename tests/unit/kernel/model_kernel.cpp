#include "unit/kernel/model_kernel.hpp"

#include <linux/if_addr.h>

#include <algorithm>
#include <cerrno>

#include "support/objects.hpp"

namespace nlwatch::test {

using rtnl::Kind;

namespace {
constexpr std::uint32_t buckets = 4;
constexpr std::size_t full_datagram = 32'000;  // bytes
}  // namespace

ModelKernel::ModelKernel(const Style& style, std::mt19937& random) : style_(style), random_(random) {
    for (int i = 0; i < 4; ++i) {
        add_link(next_ifindex_++);
        Link& link = links_.rbegin()->second;
        for (std::size_t n = upto(static_cast<std::uint32_t>(style.addresses)); n > 0; --n)
            add_address(link, n % 2 ? AF_INET : AF_INET6);
    }
    events_.clear();
    congested_ = overrun_ = false;
    dropped_ = 0;
}

void ModelKernel::change() {
    Link* link = any_link();
    const std::uint32_t dice = upto(100);
    if (!link || (dice < 8 && links_.size() < style_.links)) return add_link(next_ifindex_++);
    const std::uint32_t ifindex = link->object.ifindex;
    const std::uint8_t family = upto(2) ? AF_INET : AF_INET6;
    Family& addresses = link->family(family);
    if (dice < 13) return delete_link(ifindex);
    if (dice < 17) {
        delete_link(ifindex);  // and its index is used again at once
        return add_link(ifindex);
    }
    if (dice < 30) return change_link(*link);
    if (dice < 34) return disable(addresses);
    // The worst moment there is: a dump stands in the midst of this link's addresses.
    if (dice < 38 && cursor_.nth_address > 0 && links_.contains(cursor_.ifindex))
        return disable(links_[cursor_.ifindex].family(cursor_.part.family));
    if (dice < 44) return change_address(addresses);
    if (dice < 68) return delete_address(addresses);
    return add_address(*link, family);
}

ModelKernel::Link* ModelKernel::any_link() {
    if (links_.empty()) return nullptr;
    return &std::next(links_.begin(), upto(static_cast<std::uint32_t>(links_.size())))->second;
}

void ModelKernel::add_link(std::uint32_t ifindex) {
    Link& link = links_[ifindex];
    link.object = test::link(ifindex, "link" + std::to_string(ifindex), upto(2) ? "veth" : "bridge");
    link.object.alias = std::to_string(++made_);
    newest_first_.insert(newest_first_.begin(), ifindex);
    say(there(link.object, {link.ups, link.downs}));
}

void ModelKernel::delete_link(std::uint32_t ifindex) {
    Link& link = links_[ifindex];
    disable(link.inet6);
    disable(link.inet);
    say(gone(link.object));
    std::erase(newest_first_, ifindex);
    links_.erase(ifindex);
}

void ModelKernel::change_link(Link& link) {
    switch (upto(3)) {
        case 0:
            link.object.mtu = 1'280 + upto(4);
            break;
        case 1:
            link.object.ifname = rtnl::Name{"name" + std::to_string(upto(1'000))};
            break;
        default:  // a flap
            ++link.downs;
            say(there(without_carrier(link.object), {link.ups, link.downs}));
            ++link.ups;
    }
    say(there(link.object, {link.ups, link.downs}));
}

// Somewhere in the list: the kernel sorts by scope, and puts secondaries behind.
void ModelKernel::add_address(Link& link, std::uint8_t family) {
    Family& there_are = link.family(family);
    there_are.enabled = true;
    if (there_are.addresses.size() >= style_.addresses) return;
    const auto host = static_cast<std::uint8_t>(1 + upto(40));
    const rtnl::Address made =
        family == AF_INET ? inet(link.object.ifindex, host) : inet6(link.object.ifindex, host);
    for (const rtnl::Address& other : there_are.addresses)
        if (other.local == made.local) return;
    const auto place = upto(static_cast<std::uint32_t>(there_are.addresses.size() + 1));
    there_are.addresses.insert(there_are.addresses.begin() + place, made);
    say(there(made));
}

void ModelKernel::change_address(Family& family) {
    if (family.addresses.empty()) return;
    rtnl::Address& address = family.addresses[upto(static_cast<std::uint32_t>(family.addresses.size()))];
    address.flags ^= IFA_F_DEPRECATED;
    say(there(address));
}

void ModelKernel::delete_address(Family& family) {
    if (family.addresses.empty()) return;
    const auto place = family.addresses.begin() + upto(static_cast<std::uint32_t>(family.addresses.size()));
    say(gone(*place));
    family.addresses.erase(place);
}

void ModelKernel::disable(Family& family) {
    for (const rtnl::Address& address : family.addresses) say(gone(address));
    family = {.enabled = false, .addresses = {}};
}

void ModelKernel::say(rtnl::Update update) {
    if (congested_ || events_.size() >= style_.queue) {
        if (!std::exchange(congested_, true)) overrun_ = true;
        ++dropped_;
        return;
    }
    events_.push_back(std::move(update));
}

bool ModelKernel::overrun() { return std::exchange(overrun_, false); }

std::optional<rtnl::Update> ModelKernel::event() {
    if (events_.empty()) {
        congested_ = false;
        return std::nullopt;
    }
    rtnl::Update update = std::move(events_.front());
    events_.pop_front();
    if (events_.empty()) congested_ = false;
    return update;
}

void ModelKernel::begin_dump(const state::Pass::Part& part) { cursor_ = {.part = part}; }

ModelKernel::Datagram ModelKernel::fill() {
    Datagram datagram;
    const std::uint32_t only = cursor_.part.ifindex;
    if (cursor_.ended) {
        datagram.done = true;
    } else if (only != 0 && !links_.contains(only)) {
        datagram = {.rows = {}, .bytes = 0, .done = true, .error = ENODEV};
    } else {
        if (only != 0)
            cursor_.ended = fill_addresses(datagram, links_[only].family(cursor_.part.family));
        else
            cursor_.ended = style_.by_hash ? fill_by_hash(datagram) : fill_by_index(datagram);
        datagram.done = cursor_.ended && (style_.done_with_rows || datagram.rows.empty());
    }
    datagram.bytes = datagram.rows.size() * (full_datagram / style_.rows_per_datagram);
    return datagram;
}

// rtnl_dump_ifinfo(), inet_dump_ifaddr() since Linux 6.9: for_each_netdev_dump() goes on at the index where
// it stopped, or behind it. The number of that link's addresses already sent is not forgotten when it is
// skipped.
bool ModelKernel::fill_by_index(Datagram& datagram) {
    for (auto at = links_.lower_bound(cursor_.ifindex); at != links_.end(); ++at) {
        cursor_.ifindex = at->first;
        Link& link = at->second;
        if (cursor_.part.kind == Kind::link ? !fill_link(datagram, link)
                                            : !fill_addresses(datagram, link.family(cursor_.part.family)))
            return false;
    }
    return true;
}

// The same in Linux 6.1: the cursor is a place in a hash bucket, where new links are put in front.
bool ModelKernel::fill_by_hash(Datagram& datagram) {
    for (; cursor_.bucket < buckets; ++cursor_.bucket, cursor_.nth_link = 0, cursor_.nth_address = 0) {
        const std::vector<std::uint32_t> links = bucket(cursor_.bucket);
        for (; cursor_.nth_link < links.size(); ++cursor_.nth_link, cursor_.nth_address = 0) {
            Link& link = links_[links[cursor_.nth_link]];
            if (cursor_.part.kind == Kind::link ? !fill_link(datagram, link)
                                                : !fill_addresses(datagram, link.family(cursor_.part.family)))
                return false;
        }
    }
    return true;
}

std::vector<std::uint32_t> ModelKernel::bucket(std::uint32_t number) const {
    std::vector<std::uint32_t> links;
    for (const std::uint32_t ifindex : newest_first_)
        if (ifindex % buckets == number) links.push_back(ifindex);
    return links;
}

bool ModelKernel::fill_link(Datagram& datagram, const Link& link) {
    return put(datagram, there(link.object, {link.ups, link.downs}));
}

bool ModelKernel::fill_addresses(Datagram& datagram, const Family& family) {
    if (!family.enabled) return true;
    for (std::size_t n = cursor_.nth_address; n < family.addresses.size(); ++n) {
        cursor_.nth_address = n;
        if (!put(datagram, there(family.addresses[n]))) return false;
    }
    cursor_.nth_address = 0;
    return true;
}

bool ModelKernel::put(Datagram& datagram, rtnl::Update row) const {
    if (datagram.rows.size() == style_.rows_per_datagram) return false;
    datagram.rows.push_back(std::move(row));
    return true;
}

void ModelKernel::dump(const state::Pass::Part& part, state::Pass& pass, const std::function<void()>& change,
                       const std::function<void()>& read) {
    begin_dump(part);
    Datagram datagram;
    do {
        change();
        datagram = fill();
        change();
        read();
        for (const rtnl::Update& row : datagram.rows) pass.row(row);
        pass.datagram(part, datagram.bytes, datagram.rows.empty() ? 0 : datagram.rows.back().key.ifindex,
                      datagram.done);
    } while (!datagram.done);
    pass.dumped(part, datagram.error);
}

bool ModelKernel::was_alive(const state::Change& removed, const std::map<rtnl::Key, rtnl::Update>& truth) {
    const auto found = truth.find(removed.before->key);
    if (found == truth.end()) return false;
    const rtnl::Link* was = as_link(*removed.before);  // each link that it makes has an alias of its own
    return !was || was->alias == rtnl::as_link(found->second.object)->alias;
}

std::map<rtnl::Key, rtnl::Update> ModelKernel::truth() const {
    std::map<rtnl::Key, rtnl::Update> truth;
    const auto add = [&](const rtnl::Update& update) { truth[update.key] = update; };
    for (const auto& [ifindex, link] : links_) {
        add(there(link.object, {link.ups, link.downs}));
        for (const rtnl::Address& address : link.inet.addresses) add(there(address));
        for (const rtnl::Address& address : link.inet6.addresses) add(there(address));
    }
    return truth;
}

}  // namespace nlwatch::test
