// What a reload changes: some keys apply at once, others wait for a restart.
#pragma once
#include <string>
#include <vector>

#include "config/config.hpp"

namespace nlwatch::config {

// Keys by their place in the file: "netlink.audit_interval", "http.listen", "tags"; a sink that came, went or
// changed as "sink.NAME".
struct Changes {
    std::vector<std::string> at_once;     // of [log] [filter] [tags] [metrics] [[sink]]
    std::vector<std::string> at_restart;  // of all other tables

    bool operator==(const Changes&) const = default;
};

// From what runs to what the file says now. Pure. A value that was not said and one that says the same
// differ.
Changes changes(const Config& running, const Config& wanted);

// What runs after the reload: `wanted` in all that applies at once, and else `running`.
Config reloaded(Config running, const Config& wanted);

}  // namespace nlwatch::config
