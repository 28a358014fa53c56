// Small things that the texts of HTTP need: words whatever their case, and spaces around them.
#pragma once
#include <string_view>

namespace nlwatch::http {

bool same_word(std::string_view a, std::string_view b);  // in ASCII, whatever the case
std::string_view trimmed(std::string_view);              // without spaces and tabs around it

}  // namespace nlwatch::http
