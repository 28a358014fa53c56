// The groups of routes that a listener may serve, as `routes` in [[http.listen]] names them.
#pragma once
#include <array>
#include <cstdint>
#include <initializer_list>
#include <string_view>

namespace nlwatch::http {

enum class Group : std::uint8_t {
    metrics,
    health,
    state,
    events,
    status,
    control,  // takes POST; not to be had by name: it is a door of its own
};
// Of all but control, in their order.
inline constexpr std::array<std::string_view, 5> group_names{"metrics", "health", "state", "events",
                                                             "status"};

class GroupSet {
public:
    constexpr GroupSet() = default;
    constexpr GroupSet(std::initializer_list<Group> all) {
        for (const Group group : all) add(group);
    }
    static constexpr GroupSet every_get() {
        return {Group::metrics, Group::health, Group::state, Group::events, Group::status};
    }
    constexpr void add(Group group) { bits_ |= 1U << static_cast<unsigned>(group); }
    constexpr bool has(Group group) const { return (bits_ >> static_cast<unsigned>(group) & 1U) != 0; }
    bool operator==(const GroupSet&) const = default;

private:
    unsigned bits_ = 0;
};

}  // namespace nlwatch::http
