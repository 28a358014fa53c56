// The target of a request: its path and the words of its query. Pure: bytes in, values out.
#pragma once
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace nlwatch::http {

struct Word {
    std::string name, value;  // decoded: any bytes but NUL
    bool operator==(const Word&) const = default;
};

struct Target {
    std::string path;  // decoded, and else as it came: nothing in it is resolved or merged. "*" of OPTIONS *
    std::string authority;  // of the absolute form (http://host:port/path), as it stands; empty in any other
    std::vector<Word> query;  // in its order; words may repeat
    bool operator==(const Target&) const = default;
};

// RFC 9112 §3.2: origin, absolute and asterisk form. Or why it is none of them, for a 400. '+' is a plus, as
// in RFC 3986: names of interfaces may hold one, and no space.
std::variant<Target, std::string> parse_target(std::string_view);

}  // namespace nlwatch::http
