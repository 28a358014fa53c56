#include "config/config.hpp"

#include <spdlog/fmt/fmt.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "config/table_reader.hpp"

namespace nlwatch::config {

using namespace std::chrono_literals;

namespace {

constexpr std::size_t mib = 1024 * 1024;
constexpr std::size_t smallest_receive_buffer = 2'304;  // the kernel's own minimum, SOCK_MIN_RCVBUF

void read_globs(TableReader& table, std::string_view key, record::Globs& globs) {
    std::vector<std::string> patterns = globs.patterns();
    table.texts(key, patterns);
    globs = record::Globs{std::move(patterns)};
}

void read_netlink(TableReader& table, Config::Netlink& netlink) {
    table.size("receive_buffer", netlink.receive_buffer, smallest_receive_buffer, 1024 * mib);
    table.size("receive_buffer_max", netlink.receive_buffer_max, smallest_receive_buffer, 1024 * mib);
    table.duration("resync_min_interval", netlink.resync_min_interval, 0ms);
    table.duration("audit_interval", netlink.audit_interval, 100ms);
    if (netlink.receive_buffer_max < netlink.receive_buffer)
        table.error("receive_buffer_max", "must not be smaller than receive_buffer");
}

}  // namespace

Config parse_config(std::string_view text, const std::string& name) {
    Diagnostics diagnostics{text, name};
    Config config;
    toml::table root;
    try {
        root = toml::parse(text, name);
    } catch (const toml::parse_error& error) {
        diagnostics.error(error.source().begin, std::string{error.description()});
        throw ConfigError{diagnostics.text()};
    }

    TableReader reader{root, "", diagnostics};
    reader.table("runtime", [&](TableReader& table) { table.text("dir", config.runtime.dir); });
    reader.table("netlink", [&](TableReader& table) { read_netlink(table, config.netlink); });
    reader.table("filter", [&](TableReader& table) {
        read_globs(table, "kind", config.filter.kinds);
        read_globs(table, "interface", config.filter.interfaces);
        read_globs(table, "link_kind", config.filter.link_kinds);
    });
    reader.table("backlog", [&](TableReader& table) {
        table.size("bytes", config.backlog.bytes, mib, 64 * 1024 * mib);
    });
    reader.table("stream", [&](TableReader& table) {
        table.mode("mode", config.stream.mode);
        table.text("group", config.stream.group);
        table.count("max_clients", config.stream.max_clients, 1, 100'000);
    });
    reader.finish();
    if (!diagnostics.empty()) throw ConfigError{diagnostics.text()};
    return config;
}

Config load_config(const std::string& path) {
    std::ifstream file{path, std::ios::binary};
    std::ostringstream text;
    if (file) text << file.rdbuf();
    if (!file || file.bad())
        throw ConfigError{
            fmt::format("{}: error: cannot read the configuration: {}\n", path, std::strerror(errno))};
    return parse_config(text.str(), path);
}

}  // namespace nlwatch::config
