// A moment as records have it.
#pragma once
#include <chrono>
#include <string>

namespace nlwatch::record {

// Appends 2026-11-24T13:20:31.123456Z.
void append_utc(std::string& out, std::chrono::system_clock::time_point);
std::string utc_text(std::chrono::system_clock::time_point);

}  // namespace nlwatch::record
