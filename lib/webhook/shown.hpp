// What may be shown, in logs and to people, of where a request goes and of what comes back.
#pragma once
#include <string>
#include <string_view>

#include "webhook/request.hpp"

namespace nlwatch::webhook {

// "example.org:443": all of the URL that may be printed; "(not a URL)" of what is none.
std::string receiver_of(const std::string& url);

// The beginning of an answer's body, or a word about it where it repeats what may not be printed: receivers
// echo paths, queries and headers. `body`: its first 1 KiB, twice of what is shown.
std::string quote_of(std::string_view body, const Request&);

}  // namespace nlwatch::webhook
