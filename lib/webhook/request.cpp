#include "webhook/request.hpp"

#include <algorithm>
#include <string_view>

#include "record/safe_text.hpp"

namespace nlwatch::webhook {

namespace {

bool is_plain(std::string_view text) {
    return std::ranges::none_of(text, [](unsigned char c) { return (c < 0x20 && c != '\t') || c == 0x7f; });
}

}  // namespace

std::optional<std::string> fault_of(const Request& request) {
    if (!is_plain(request.url)) return "the URL holds a control byte";
    if (!is_plain(request.bearer)) return "the bearer token holds a control byte";
    for (const std::string& header : request.headers) {
        if (header.find(':') == std::string::npos) return "a header has no colon";
        if (is_plain(header)) continue;
        return "header " + record::safe_excerpt(header.substr(0, header.find(':'))) + " holds a control byte";
    }
    return std::nullopt;
}

}  // namespace nlwatch::webhook
