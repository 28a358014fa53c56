#include "world.hpp"

#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>

namespace nlwatch::test {

namespace {

record::Identity identity() {
    record::Identity it;
    it.run = run;
    it.version = "0.1.0";
    it.host_name = "test";
    it.netns_cookie = 4097;
    it.netns_inode = 4026531840;
    return it;
}

rtnl::Address address_of(std::uint32_t ifindex, std::uint8_t host, bool usable) {
    rtnl::Address address;
    address.ifindex = ifindex;
    address.family = AF_INET;
    address.prefixlen = 24;
    address.flags = usable ? IFA_F_PERMANENT : IFA_F_PERMANENT | IFA_F_TENTATIVE;
    address.local.family = address.peer.family = AF_INET;
    address.local.bytes = {192, 0, 2, host};
    address.peer.bytes = {192, 0, 2, host};
    return address;
}

}  // namespace

World::World(std::size_t ring_bytes, record::Scope published)
    : state([this](const state::Change& change) { backlog.changed(change, now()); }),
      backlog(state.table(), identity(), std::move(published), ring_bytes) {}

void World::link(std::uint32_t ifindex, std::string_view name, std::string_view kind, std::uint32_t mtu,
                 bool up, state::Origin origin) {
    rtnl::Link link;
    link.ifindex = ifindex;
    link.ifname = name;
    link.flags = up ? IFF_UP | IFF_LOWER_UP : 0;
    link.operstate = up ? IF_OPER_UP : IF_OPER_DOWN;
    link.mtu = mtu;
    link.info.kind = kind;
    const rtnl::Key key = rtnl::key_of(link);
    state.apply({.key = key, .object = rtnl::Boxed<rtnl::Link>(std::move(link))}, learnt(origin));
}

void World::remove_link(std::uint32_t ifindex, state::Origin origin) {
    state.apply({.key = rtnl::link_key(ifindex), .object = {}, .gone = rtnl::Gone::deleted}, learnt(origin));
}

void World::address(std::uint32_t ifindex, std::uint8_t host, bool usable, state::Origin origin) {
    const rtnl::Address address = address_of(ifindex, host, usable);
    state.apply({.key = rtnl::key_of(address), .object = address}, learnt(origin));
}

void World::remove_address(std::uint32_t ifindex, std::uint8_t host, state::Origin origin) {
    const rtnl::Address address = address_of(ifindex, host, true);
    state.apply({.key = rtnl::key_of(address), .object = address, .gone = rtnl::Gone::deleted},
                learnt(origin));
}

void World::churn(std::uint32_t ifindex, int count) {
    std::uint32_t mtu = rtnl::as_link(state.table().find(rtnl::link_key(ifindex))->object)->mtu;
    for (int i = 0; i < count; ++i)
        link(ifindex, "eth" + std::to_string(ifindex), "", mtu = mtu == 1500 ? 1501 : 1500);
}

record::Stamp World::now() const {
    return {state::Time{clock_}, std::chrono::system_clock::time_point{std::chrono::hours{400'000} + clock_}};
}

void World::pass(std::chrono::milliseconds span) { clock_ += span; }

state::NetworkState::Learnt World::learnt(state::Origin origin) const {
    return {
        .origin = origin, .now = now().monotonic, .not_before = now().monotonic - std::chrono::seconds{1}};
}

record::Scope interfaces(std::vector<std::string> globs) {
    return {.kinds = {}, .interfaces = record::Globs(std::move(globs)), .link_kinds = {}};
}

record::Scope kinds(std::vector<std::string> globs) {
    return {.kinds = record::Globs(std::move(globs)), .interfaces = {}, .link_kinds = {}};
}

backlog::Request scoped(record::Scope scope) {
    backlog::Request request;
    request.filter.scopes.push_back(std::move(scope));
    return request;
}

backlog::Request event_feed(std::vector<std::string> types) {
    backlog::Request request;
    request.filter.types = record::Globs(std::move(types));
    return request;
}

Line next(backlog::Feed& feed, const World& world) {
    const auto line = feed.next(world.now());
    if (!line) return {};
    return {std::string(line->type), std::string(line->text), line->position, line->resumable};
}

std::vector<Line> all(backlog::Feed& feed, const World& world) {
    std::vector<Line> lines;
    for (;;) {
        Line line = next(feed, world);
        if (line.type.empty() && !feed.behind()) return lines;
        if (!line.type.empty()) lines.push_back(std::move(line));
    }
}

std::vector<std::string> types(const std::vector<Line>& lines) {
    std::vector<std::string> found;
    for (const Line& line : lines) found.push_back(line.type);
    return found;
}

}  // namespace nlwatch::test
