#include "http/routes.hpp"

#include <gtest/gtest.h>

namespace nlwatch::http {
namespace {

const std::vector<std::string> controls{"/v1/reload"};

NoRoute none(std::string_view method, std::string_view path, GroupSet served) {
    const auto route = route_of(method, path, served, controls);
    const auto* no_route = std::get_if<NoRoute>(&route);
    EXPECT_NE(no_route, nullptr) << path;
    return no_route ? *no_route : NoRoute();
}

TEST(Routes, GoByPathAndMethod) {
    const GroupSet all = GroupSet::every_get();
    EXPECT_EQ(std::get<Route>(route_of("GET", "/metrics", all, controls)), Route::metrics);
    EXPECT_EQ(std::get<Route>(route_of("HEAD", "/v1/events", all, controls)), Route::events);
    EXPECT_EQ(std::get<Route>(route_of("GET", "/readyz", {Group::health}, controls)), Route::readyz);
    EXPECT_EQ(std::get<Route>(route_of("POST", "/v1/reload", {Group::control}, controls)), Route::control);
}

TEST(Routes, WhatIsNotThereIsNamedWithWhatIs) {
    const NoRoute no = none("GET", "/v1/stat", {Group::metrics, Group::health});
    EXPECT_EQ(no.refusal.status, 404u);
    EXPECT_EQ(no.refusal.why, "there is no /v1/stat here; there are: /metrics /livez /readyz");
    for (const char* path : {"/", "//metrics", "/metrics/", "/v1/../metrics", "/METRICS"})
        EXPECT_EQ(none("GET", path, GroupSet::every_get()).refusal.status, 404u) << path;
}

TEST(Routes, WhatIsNotServedHereSaysSo) {
    const NoRoute state = none("GET", "/v1/state", {Group::metrics});
    EXPECT_EQ(state.refusal.status, 404u);
    EXPECT_NE(state.refusal.why.find("'state' is not among its routes"), std::string::npos);
    const NoRoute reload = none("POST", "/v1/reload", GroupSet::every_get());
    EXPECT_EQ(reload.refusal.status, 404u);
    EXPECT_NE(reload.refusal.why.find("control.sock"), std::string::npos);
}

TEST(Routes, AWrongMethodIsToldTheRightOnes) {
    EXPECT_EQ(none("POST", "/metrics", GroupSet::every_get()).refusal.status, 405u);
    EXPECT_EQ(none("POST", "/metrics", GroupSet::every_get()).allow, "GET, HEAD");
    EXPECT_EQ(none("GET", "/v1/reload", {Group::control}).allow, "POST");
    EXPECT_EQ(none("OPTIONS", "*", GroupSet::every_get()).allow, "GET, HEAD");
    EXPECT_EQ(none("get", "/metrics", GroupSet::every_get()).refusal.status, 405u) << "methods have a case";
}

// What reads the configuration takes a name's place in the list for the group.
TEST(Groups, StandInTheOrderOfTheirNames) {
    const auto name = [](Group group) { return group_names.at(static_cast<std::size_t>(group)); };
    EXPECT_EQ(name(Group::metrics), "metrics");
    EXPECT_EQ(name(Group::health), "health");
    EXPECT_EQ(name(Group::state), "state");
    EXPECT_EQ(name(Group::events), "events");
    EXPECT_EQ(name(Group::status), "status");
    EXPECT_THROW(name(Group::control), std::out_of_range) << "a door of its own";
}

}  // namespace
}  // namespace nlwatch::http
