// Standard output for commands that print once and end.
#pragma once
#include <string_view>

namespace nlwatch::client {

// Waits until it is written. A reader who has gone wants no more, and that is no error; else Failure.
void print(std::string_view text);

}  // namespace nlwatch::client
