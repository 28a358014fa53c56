// A request in the words that people write: options of a command and queries of a URL are read here alike.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "backlog/request.hpp"

namespace nlwatch::backlog {

// As given; nothing is checked yet.
struct RequestWords {
    std::vector<std::string> kinds, interfaces, link_kinds, types, transitions;
    std::optional<std::string> since;
    std::optional<bool> snapshot;
    std::optional<std::uint64_t> limit;
};

// The request; or which word is wrong, what it should be, and the nearest right one. What it takes to be
// served is refusal()'s to say.
std::variant<Request, std::string> read_request(const RequestWords&);

}  // namespace nlwatch::backlog
