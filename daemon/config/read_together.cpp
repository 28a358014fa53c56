// What keys must be together: within a table, and among the tables of a list.
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <map>

#include "config/read_value.hpp"
#include "config/values.hpp"

namespace nlwatch::config {

namespace {

// Tells of each table whose `key` has the value of one before it. `value(i)`, if
// it has the key: null = do not look at it.
template <class Value>
void refuse_twins(TableReader& reader, const toml::array& tables, std::string_view list, std::string_view key,
                  const Value& value) {
    std::map<std::string, std::size_t> lines;
    for (std::size_t i = 0; i < tables.size(); ++i) {
        const toml::table& table = *tables[i].as_table();
        const toml::node* node = table.get(key);
        const std::optional<std::string> own = node ? value(i) : std::nullopt;
        if (!own) continue;
        const auto [first, fresh] = lines.emplace(*own, node->source().begin.line);
        if (!fresh)
            reader.below(list, table, true)
                .error(key, *node, fmt::format("'{}' is there already, in line {}", *own, first->second));
    }
}

}  // namespace

void finish(TableReader& reader, const Config::Netlink& netlink) {
    reader.finish();
    if (netlink.receive_buffer_max >= netlink.receive_buffer) return;
    const auto bound = [&](std::string_view key, std::size_t value) {
        return fmt::format("{} ({}{})", key, size_text(value), reader.peek(key) ? "" : ", the default");
    };
    if (const toml::node* most = reader.peek("receive_buffer_max"))
        reader.error("receive_buffer_max", *most,
                     "must not be smaller than " + bound("receive_buffer", netlink.receive_buffer));
    else
        reader.error("receive_buffer", *reader.peek("receive_buffer"),
                     "must not be larger than " + bound("receive_buffer_max", netlink.receive_buffer_max));
}

void finish(TableReader& reader, const Listen& listen) {
    reader.finish();
    const toml::node* address = reader.peek("address");
    if (address && !listen.address.ip.empty() && !listen.address.loopback && !listen.insecure)
        reader.error(
            "address", *address,
            "other machines could connect, unencrypted and unauthenticated: write insecure = true if "
            "that is meant");
}

void finish(TableReader& reader, const toml::array& tables, const std::vector<Listen>& list) {
    refuse_twins(reader, tables, "listen", "address", [&](std::size_t i) -> std::optional<std::string> {
        const auto& [ip, port, loopback] = list[i].address;
        if (ip.empty() || port == 0) return std::nullopt;
        const bool v4 = ip.find(':') == std::string::npos;
        return v4 ? fmt::format("{}:{}", ip, port) : fmt::format("[{}]:{}", ip, port);
    });
}

void finish(TableReader& reader, const toml::array& tables, std::vector<Sink>& list) {
    refuse_twins(reader, tables, "sink", "name", [&](std::size_t i) {
        const auto said = tables[i].as_table()->get("name")->value<std::string>();
        return said == list[i].name ? said : std::nullopt;  // a wrong name is told already
    });
    if (std::none_of(list.begin(), list.end(), [](const Sink& sink) { return sink.name == "log"; }))
        list.insert(list.begin(), Sink{});
}

}  // namespace nlwatch::config
