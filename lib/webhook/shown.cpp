#include "webhook/shown.hpp"

#include <curl/urlapi.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <memory>
#include <vector>

#include "record/safe_text.hpp"

namespace nlwatch::webhook {

namespace {

using Url = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;

Url parsed(const std::string& text) {
    Url url(curl_url(), curl_url_cleanup);
    if (curl_url_set(url.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK) url.reset();
    return url;
}

std::string part_of(const Url& url, CURLUPart which) {
    char* text = nullptr;
    if (curl_url_get(url.get(), which, &text, CURLU_DEFAULT_PORT) != CURLUE_OK) return "";
    const std::unique_ptr<char, decltype(&curl_free)> owned(text, curl_free);
    return text;
}

std::string in_lower_case(std::string_view text) {
    std::string lower(text);
    for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return lower;
}

// Shorter ones stand in any text by chance, and no one takes them for a secret.
void add_unless_short(std::vector<std::string>& list, std::string_view text) {
    constexpr std::size_t short_word = 5;
    if (text.size() > short_word) list.push_back(in_lower_case(text));
}

bool is_our_own(std::string_view header) {
    constexpr std::array<std::string_view, 2> ours{"content-type:", "webhook-"};
    const std::string lower = in_lower_case(header);
    return std::ranges::any_of(ours, [&](std::string_view name) { return lower.starts_with(name); });
}

// In lower case: all that must not be printed, in the pieces that a receiver may repeat.
std::vector<std::string> unprintable(const Request& request) {
    std::vector<std::string> list;
    if (const Url url = parsed(request.url)) {
        const std::string path = part_of(url, CURLUPART_PATH);
        if (path.size() > 1) list.push_back(in_lower_case(path));
        const std::string words = path + "/" + part_of(url, CURLUPART_QUERY);
        constexpr std::string_view between = "/&=";
        for (std::size_t begin = 0, end = 0; begin < words.size(); begin = end + 1) {
            end = std::min(words.find_first_of(between, begin), words.size());
            add_unless_short(list, std::string_view(words).substr(begin, end - begin));
        }
    }
    for (const std::string& header : request.headers) {
        const std::size_t value = header.find_first_not_of(" \t", header.find(':') + 1);
        if (value != std::string::npos && !is_our_own(header))
            add_unless_short(list, std::string_view(header).substr(value));
    }
    add_unless_short(list, request.password);
    add_unless_short(list, request.bearer);
    if (!request.password.empty() || !request.bearer.empty()) list.emplace_back("authorization");
    return list;
}

}  // namespace

std::string receiver_of(const std::string& url) {
    const Url it = parsed(url);
    if (!it) return "(not a URL)";
    return record::safe(part_of(it, CURLUPART_HOST) + ":" + part_of(it, CURLUPART_PORT));
}

std::string quote_of(std::string_view body, const Request& request) {
    constexpr std::size_t most = 512;
    const std::string lower = in_lower_case(body);
    const bool repeats = std::ranges::any_of(unprintable(request), [&](const std::string& secret) {
        return lower.find(secret) != std::string::npos;
    });
    return repeats ? "nothing that may be shown: it repeats the URL or a secret"
                   : std::string(body.substr(0, most));
}

}  // namespace nlwatch::webhook
