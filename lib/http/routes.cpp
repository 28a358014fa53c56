#include "http/routes.hpp"

#include <algorithm>
#include <array>

#include "record/safe_text.hpp"

namespace nlwatch::http {

namespace {

struct Path {
    std::string_view path;
    Route route;
    Group group;
};
constexpr std::array paths{
    Path{"/metrics", Route::metrics, Group::metrics}, Path{"/livez", Route::livez, Group::health},
    Path{"/readyz", Route::readyz, Group::health},    Path{"/v1/state", Route::state, Group::state},
    Path{"/v1/events", Route::events, Group::events}, Path{"/v1/status", Route::status, Group::status}};
constexpr const char *reads = "GET, HEAD", *acts = "POST";

NoRoute not_found(std::string_view path, GroupSet served, const std::vector<std::string>& controls) {
    std::string why = "there is no " + record::safe_excerpt(path) + " here; there are:";
    for (const Path& it : paths)
        if (served.has(it.group)) why.append(" ").append(it.path);
    if (served.has(Group::control))
        for (const std::string& it : controls) why.append(" ").append(it);
    return {{404, std::move(why)}, {}};
}

NoRoute not_served(std::string_view path, Group group) {
    const std::string why = group == Group::control
                                ? std::string(path) + " is on the control socket (control.sock) only"
                                : std::string(path) + " is not served on this address: '" +
                                      std::string(group_names[static_cast<std::size_t>(group)]) +
                                      "' is not among its routes; http.sock serves all of them";
    return {{404, why}, {}};
}

NoRoute wrong_method(std::string_view method, std::string_view path, const char* allow) {
    return {{405, std::string(path) + " takes " + allow + ", and not " + record::safe_excerpt(method)},
            allow};
}

}  // namespace

std::variant<Route, NoRoute> route_of(std::string_view method, std::string_view path, GroupSet served,
                                      const std::vector<std::string>& controls) {
    if (std::find(controls.begin(), controls.end(), path) != controls.end()) {
        if (!served.has(Group::control)) return not_served(path, Group::control);
        if (method != "POST") return wrong_method(method, path, acts);
        return Route::control;
    }
    const auto found =
        std::find_if(paths.begin(), paths.end(), [&](const Path& it) { return it.path == path; });
    if (path == "*") return wrong_method(method, path, served.has(Group::control) ? acts : reads);
    if (found == paths.end()) return not_found(path, served, controls);
    if (!served.has(found->group)) return not_served(path, found->group);
    if (method != "GET" && method != "HEAD") return wrong_method(method, path, reads);
    return found->route;
}

}  // namespace nlwatch::http
