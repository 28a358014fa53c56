// What GET /v1/status answers, in words for people.
#pragma once
#include <chrono>
#include <string>
#include <string_view>

namespace nlwatch::client {

// A line for each thing that can be said; members that are not there cost no more than their line. Times are
// local, and those that are told as ago are counted up to `now`. Throws Failure if `json` is no object.
std::string status_text(std::string_view json, std::chrono::system_clock::time_point now, bool coloured);

// Of the daemon; empty if it does not say.
std::string version_in_status(std::string_view json);

}  // namespace nlwatch::client
