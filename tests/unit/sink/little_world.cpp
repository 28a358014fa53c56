#include "little_world.hpp"

#include <linux/if.h>

#include <memory>

namespace nlwatch::test {

namespace {

record::Identity identity() {
    record::Identity it;
    it.run = 0x4f1c2a9be07d4c55;
    it.version = "0.1.0";
    it.host_name = "test";
    it.netns_cookie = 4097;
    return it;
}

std::string_view value(std::string_view line, std::string_view member) {
    const std::string name = "\"" + std::string(member) + "\":";
    const std::size_t at = line.find(name);
    if (at == std::string_view::npos) return {};
    line.remove_prefix(at + name.size());
    if (line.starts_with('"')) line.remove_prefix(1);
    return line.substr(0, line.find_first_of("\",}"));
}

}  // namespace

LittleWorld::LittleWorld(std::size_t ring_bytes) : backlog(table, identity(), {}, ring_bytes) {}

void LittleWorld::link(std::uint32_t ifindex, std::uint32_t mtu) {
    const std::string name = "eth" + std::to_string(ifindex);
    rtnl::Link link;
    link.ifindex = ifindex;
    link.ifname = std::string_view(name);
    link.flags = std::uint32_t{IFF_UP} | std::uint32_t{IFF_LOWER_UP};
    link.mtu = mtu;
    auto row = std::make_shared<state::Row>();
    row->key = rtnl::link_key(ifindex);
    row->ifname = link.ifname;
    row->object = rtnl::Boxed<rtnl::Link>(std::move(link));
    state::Change change;
    change.before = table.put(row);
    change.after = row;
    backlog.changed(change, record::Stamp::now());
}

void LittleWorld::churn(int count) {
    for (int i = 0; i < count; ++i) link(2, ++mtu_);
    wake_up.notify();
}

std::string type_of(std::string_view line) { return std::string(value(line, "type")); }

std::uint64_t seq_of(std::string_view line) { return std::stoull(std::string(value(line, "seq"))); }

std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> lines;
    for (std::size_t end; (end = text.find('\n')) != std::string_view::npos; text.remove_prefix(end + 1))
        lines.emplace_back(text.substr(0, end));
    return lines;
}

std::string breach_of_order(const std::vector<std::string>& lines) {
    std::uint64_t seq = 0;
    for (const std::string& line : lines) {
        if (!line.starts_with("{\"schema\":1,") || !line.ends_with("}")) return "not a whole line: " + line;
        const bool numbered =
            type_of(line).starts_with("link.") && line.find("\"origin\":\"snapshot\"") == std::string::npos;
        const bool moves = &line == &lines.front() || type_of(line) == "gap";
        if (type_of(line) == "gap" && value(line, "from") != std::to_string(seq + 1))
            return "behind " + std::to_string(seq) + ": " + line;
        if (!moves && seq_of(line) != seq + numbered) return "behind " + std::to_string(seq) + ": " + line;
        seq = seq_of(line);
    }
    return lines.empty() || type_of(lines.front()) == "hello" ? "" : "no hello: " + lines.front();
}

}  // namespace nlwatch::test
