// One line a record, for people: what changed, from what to what.
#pragma once
#include <string>
#include <string_view>

namespace nlwatch::record {

struct TextStyle {
    bool time = true;     // the local time of day in front; a log stamps its lines itself
    bool colour = false;  // ANSI escapes
};

// From one line of the stream, '\n' at its end or not; the result has none. "" for lines that say nothing to
// people (hello, snapshot.begin, bookmark), and for what is no record. Names can do no harm (see
// safe_text.hpp).
std::string text_of(std::string_view line, const TextStyle&);

}  // namespace nlwatch::record
