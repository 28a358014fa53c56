// Small things that the texts of HTTP need: words whatever their case, spaces around them, and a limit to
// what an answer repeats of a question.
#pragma once
#include <string>
#include <string_view>

namespace nlwatch::http {

bool same_word(std::string_view a, std::string_view b);  // in ASCII, whatever the case
std::string_view trimmed(std::string_view);              // without spaces and tabs around it
std::string shortened(std::string text);                 // at most 100 bytes, and "…" if there was more

}  // namespace nlwatch::http
