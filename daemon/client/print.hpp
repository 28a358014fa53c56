// What commands print: what was asked for, and what is to be said beside it.
#pragma once
#include <string>
#include <string_view>

namespace nlwatch::client {

// To standard output; waits until it is written. A reader who has gone wants no more, and that is no error;
// else Failure.
void print(std::string_view text);

// One sentence on standard error.
void tell(const std::string& sentence);

}  // namespace nlwatch::client
