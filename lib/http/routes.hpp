// Which path is which route, and which of them a listener serves. Pure.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "http/request.hpp"

namespace nlwatch::http {

// Groups of routes, as `routes` in [[http.listen]] names them.
enum class Group : std::uint8_t { metrics, health, state, events, status, control };
inline constexpr std::size_t group_count = 6;
std::string_view group_name(Group);
std::optional<Group> group_named(
    std::string_view);  // "control" is not to be had by name: it is a door of its own

class GroupSet {
public:
    GroupSet() = default;
    GroupSet(std::initializer_list<Group> all) {
        for (const Group group : all) add(group);
    }
    static GroupSet every_get() {
        return {Group::metrics, Group::health, Group::state, Group::events, Group::status};
    }
    void add(Group group) { bits_ |= 1U << static_cast<unsigned>(group); }
    bool has(Group group) const { return (bits_ >> static_cast<unsigned>(group) & 1U) != 0; }
    bool operator==(const GroupSet&) const = default;

private:
    unsigned bits_ = 0;
};

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
