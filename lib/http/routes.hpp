// Which path is which route, and which of them a listener serves. Pure.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "http/groups.hpp"
#include "http/request.hpp"

namespace nlwatch::http {

enum class Route : std::uint8_t { metrics, livez, readyz, state, events, status, control };

// A request for what is not there, or not in this way.
struct NoRoute {
    Refusal refusal;
    std::string allow;  // with 405: the methods
};

// `controls`: the paths that take POST.
std::variant<Route, NoRoute> route_of(std::string_view method, std::string_view path, GroupSet served,
                                      const std::vector<std::string>& controls);

}  // namespace nlwatch::http
