// What commands print: what was asked for, and what is to be said beside it.
#pragma once
#include <string>
#include <string_view>

namespace nlwatch::client {

// To standard output; waits until it is written, or throws as check_printed() does.
void print(std::string_view text);

// `error` (errno, or 0) is what ended the printing. A reader who has gone (EPIPE) wants no more, and what was
// called off (ECANCELED) nobody wants: no failure; all else is one. Throws Failure.
void check_printed(int error);

// One sentence on standard error.
void tell(const std::string& sentence);

}  // namespace nlwatch::client
