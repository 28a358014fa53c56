#include "webhook/request.hpp"

#include <curl/urlapi.h>

#include <algorithm>
#include <memory>
#include <string_view>

#include "record/safe_text.hpp"

namespace nlwatch::webhook {

namespace {

std::string part_of(CURLU* url, CURLUPart which) {
    char* text = nullptr;
    if (curl_url_get(url, which, &text, CURLU_DEFAULT_PORT) != CURLUE_OK) return "";
    const std::unique_ptr<char, decltype(&curl_free)> owned(text, curl_free);
    return text;
}

bool is_plain(std::string_view text) {
    return std::ranges::none_of(text, [](unsigned char c) { return (c < 0x20 && c != '\t') || c == 0x7f; });
}

}  // namespace

std::string receiver_of(const std::string& url) {
    const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> parsed(curl_url(), curl_url_cleanup);
    if (curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK) return "(not a URL)";
    return record::safe(part_of(parsed.get(), CURLUPART_HOST) + ":" + part_of(parsed.get(), CURLUPART_PORT));
}

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
