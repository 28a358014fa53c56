#include "webhook/shown.hpp"

#include <curl/urlapi.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <memory>
#include <vector>

#include "record/safe_text.hpp"
#include "webhook/base64.hpp"

namespace nlwatch::webhook {

namespace {

using Url = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;

Url parsed(const std::string& text) {
    Url url(curl_url(), curl_url_cleanup);
    if (curl_url_set(url.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK) url.reset();
    return url;
}

std::string part_of(const Url& url, CURLUPart which, unsigned flags) {
    char* text = nullptr;
    if (curl_url_get(url.get(), which, &text, flags) != CURLUE_OK) return "";
    const std::unique_ptr<char, decltype(&curl_free)> owned(text, curl_free);
    return text;
}

std::string in_lower_case(std::string_view text) {
    std::string lower(text);
    for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return lower;
}

// What must not be shown, by how it begins: a long one may be cut, and its beginning is secret, too.
class Unprintable {
public:
    void add(std::string_view text) { list_.push_back(in_lower_case(text.substr(0, beginning))); }
    // Shorter ones stand in any text by chance, and no one takes them for a secret.
    void add_unless_short(std::string_view text) {
        constexpr std::size_t short_word = 5;
        if (text.size() > short_word) add(text);
    }
    void add_words(std::string_view text, std::string_view between) {
        for (std::size_t begin = 0, end = 0; begin < text.size(); begin = end + 1) {
            end = std::min(text.find_first_of(between, begin), text.size());
            add_unless_short(text.substr(begin, end - begin));
        }
    }
    bool are_in(std::string_view text) const {
        const std::string lower = in_lower_case(text);
        return std::ranges::any_of(
            list_, [&](const std::string& one) { return lower.find(one) != std::string::npos; });
    }

private:
    static constexpr std::size_t beginning = 32;
    std::vector<std::string> list_;
};

bool is_our_own(std::string_view header) {
    constexpr std::array<std::string_view, 2> ours{"content-type:", "webhook-"};
    const std::string lower = in_lower_case(header);
    return std::ranges::any_of(ours, [&](std::string_view name) { return lower.starts_with(name); });
}

// In the pieces that a receiver may repeat.
Unprintable unprintable(const Request& request) {
    Unprintable list;
    if (const Url url = parsed(request.url)) {
        for (const unsigned form : {0U, unsigned{CURLU_URLDECODE}}) {
            const std::string path = part_of(url, CURLUPART_PATH, form);
            if (path.size() > 1) list.add(path);
            list.add_words(path + "/" + part_of(url, CURLUPART_QUERY, form), "/&=");
        }
    }
    for (const std::string& header : request.headers)
        if (!is_our_own(header)) list.add_words(header.substr(header.find(':') + 1), " \t=;,");
    list.add_unless_short(request.bearer);
    if (!request.password.empty()) {
        list.add_unless_short(request.password);
        const std::string both = request.user + ":" + request.password;
        list.add(base64({reinterpret_cast<const unsigned char*>(both.data()), both.size()}));
    }
    return list;
}

}  // namespace

std::string receiver_of(const std::string& url) {
    const Url it = parsed(url);
    if (!it) return "(not a URL)";
    return record::safe(part_of(it, CURLUPART_HOST, 0) + ":" +
                        part_of(it, CURLUPART_PORT, CURLU_DEFAULT_PORT));
}

std::string quote_of(std::string_view body, const Request& request) {
    constexpr std::size_t most = 512;
    return unprintable(request).are_in(body) ? "nothing that may be shown: it repeats the URL or a secret"
                                             : std::string(body.substr(0, most));
}

}  // namespace nlwatch::webhook
