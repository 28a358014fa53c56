// What the words of a query, and the headers that go with them, ask for. Pure.
#pragma once
#include <string>
#include <string_view>
#include <variant>

#include "backlog/request.hpp"
#include "http/target.hpp"

namespace nlwatch::http {

// /v1/events. Or which word is wrong and what it should be, for a 400. `last_event_id` is what a browser
// sends that comes back, empty if it does not: it wins over `since` and `snapshot=1` in the URL, which the
// browser only repeats; `snapshot=0` still says what kind of reader it is.
std::variant<backlog::Request, std::string> events_request(const Target&, std::string_view last_event_id);

// /v1/state: the reader's own scope. Or what is wrong.
std::variant<record::Filter, std::string> state_request(const Target&);

// The header says that server-sent events are welcome by name; */* is no such word.
bool accepts_sse(std::string_view accept);

}  // namespace nlwatch::http
