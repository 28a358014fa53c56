// What `nlwatch show` prints, made of a snapshot's records.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nlwatch::client {

// The objects of a snapshot, as JSON text, in the order of their interfaces' indices.
struct Snapshot {
    std::vector<std::string> links, addresses;
    std::string version;        // of the daemon
    bool settled = false;       // the daemon vouches for all of it
    bool published_all = true;  // its [filter] leaves nothing out
};

// `ndjson`: what GET /v1/events?limit=0 answers. Throws Failure if that is no whole snapshot.
Snapshot read_snapshot(std::string_view ndjson);

std::string links_table(const Snapshot&, std::optional<std::size_t> columns, bool coloured);
std::string addresses_table(const Snapshot&, std::optional<std::size_t> columns, bool coloured);

// As `ip -j -d link` and `ip -j -d addr` have it: an array of links, for addresses each with its `addr_info`.
std::string links_json(const Snapshot&);
std::string addresses_json(const Snapshot&);

}  // namespace nlwatch::client
