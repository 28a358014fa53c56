#include "client/listing.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "client/objects.hpp"
#include "client/place.hpp"
#include "client/table.hpp"
#include "failure.hpp"
#include "stream_fold.hpp"

namespace nlwatch::client {

// Members stay in the order in which the daemon wrote them.
using nlohmann::ordered_json;

namespace {

std::uint32_t ifindex_of(const std::string& object) {
    return nlohmann::json::parse(object).value("ifindex", std::uint32_t{0});
}

void sort_by_ifindex(std::vector<std::string>& objects) {
    std::vector<std::pair<std::uint32_t, std::string>> indexed;
    indexed.reserve(objects.size());
    for (std::string& object : objects) {
        const std::uint32_t ifindex = ifindex_of(object);
        indexed.emplace_back(ifindex, std::move(object));
    }
    std::stable_sort(indexed.begin(), indexed.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    objects.clear();
    for (auto& [ifindex, object] : indexed) objects.push_back(std::move(object));
}

std::string state_text(const LinkTexts& link) {
    return link.reason.empty() ? link.state : link.state + " (" + link.reason + ")";
}

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
    return text;
}

std::string array_of(const std::vector<std::string>& objects) {
    std::string text = "[";
    for (const std::string& object : objects) text += (text.size() == 1 ? "" : ",\n") + object;
    return text + "]\n";
}

}  // namespace

Snapshot read_snapshot(std::string_view ndjson) {
    Snapshot snapshot;
    Place place{{}};
    bool whole = false;
    for (std::size_t end; (end = ndjson.find('\n')) != std::string_view::npos;
         ndjson.remove_prefix(end + 1)) {
        const std::string_view line = ndjson.substr(0, end);
        record::Record record = place.read(line);
        if (record.type == "hello") {
            Hello hello = read_hello(line);
            snapshot.version = std::move(hello.version);
            snapshot.published_all = hello.published.everything();
        } else if (record.type == "snapshot.begin") {
            // Perhaps not the first: a reader that is too slow in the middle of one gets another.
            snapshot.links.clear();
            snapshot.addresses.clear();
        } else if (record.type == "snapshot.end") {
            whole = true;
            snapshot.settled = nlohmann::json::parse(line).value("settled", false);
        } else if (!record.object.empty()) {
            (record.kind() == "link" ? snapshot.links : snapshot.addresses)
                .push_back(std::move(record.object));
        }
    }
    if (!whole) throw Failure{exit_code::unreachable, "the daemon ended before it had told its whole state"};
    sort_by_ifindex(snapshot.links);
    sort_by_ifindex(snapshot.addresses);
    return snapshot;
}

std::string links_table(const Snapshot& snapshot, std::optional<std::size_t> columns, bool coloured) {
    Table table{{"INDEX", "NAME", "STATE", "KIND", "ADDRESS", "MTU", "MASTER", "LINK", "ALIAS"}};
    for (const std::string& object : snapshot.links) {
        LinkTexts link = link_texts(object);
        const Ink ink = link.state == "up" ? Ink::good : Ink::bad;
        table.add({std::to_string(link.ifindex),
                   std::move(link.name),
                   {state_text(link), ink},
                   std::move(link.kind),
                   std::move(link.address),
                   std::move(link.mtu),
                   std::move(link.master),
                   std::move(link.lower),
                   std::move(link.alias)});
    }
    return table.text(columns, coloured);
}

std::string addresses_table(const Snapshot& snapshot, std::optional<std::size_t> columns, bool coloured) {
    Table table{{"INTERFACE", "FAMILY", "ADDRESS", "SCOPE", "STATE", "FLAGS", "LABEL"}};
    for (const std::string& object : snapshot.addresses) {
        AddressTexts address = address_texts(object);
        table.add({std::move(address.name), std::move(address.family), std::move(address.text),
                   std::move(address.scope),
                   address.usable ? Cell{"usable", Ink::good} : Cell{std::move(address.trouble), Ink::bad},
                   joined(address.flags), std::move(address.label)});
    }
    return table.text(columns, coloured);
}

std::string links_json(const Snapshot& snapshot) { return array_of(snapshot.links); }

std::string addresses_json(const Snapshot& snapshot) {
    std::map<std::uint32_t, ordered_json> by_link;
    for (const std::string& object : snapshot.links) {
        ordered_json link = ordered_json::parse(object);
        link["addr_info"] = ordered_json::array();
        by_link[ifindex_of(object)] = std::move(link);
    }
    for (const std::string& object : snapshot.addresses) {
        ordered_json address = ordered_json::parse(object);
        ordered_json& link = by_link[ifindex_of(object)];
        // What is the link's stands there. Where the daemon publishes no links, it is all that is known of
        // it.
        for (const char* of_link : {"ifindex", "ifname", "ifname_hex", "link_kind"}) {
            const auto found = address.find(of_link);
            if (found == address.end()) continue;
            if (!link.contains(of_link)) link[of_link] = *found;
            address.erase(of_link);
        }
        link["addr_info"].push_back(std::move(address));
    }
    std::vector<std::string> links;
    for (const auto& [ifindex, link] : by_link) links.push_back(link.dump());
    return array_of(links);
}

}  // namespace nlwatch::client
