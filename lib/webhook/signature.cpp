#include "webhook/signature.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <cassert>

#include "webhook/base64.hpp"

namespace nlwatch::webhook {

namespace {

constexpr std::string_view prefix = "whsec_";
constexpr std::string_view white_space = " \t\r\v\f";

std::string_view trimmed(std::string_view line) {
    const std::size_t first = line.find_first_not_of(white_space);
    if (first == std::string_view::npos) return {};
    return line.substr(first, line.find_last_not_of(white_space) - first + 1);
}

std::string_view take_line(std::string_view& text) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return line;
}

// RFC 4648 §4. EVP_DecodeBlock is content with less.
bool is_base64(std::string_view text) {
    if (text.size() % 4 != 0) return false;
    for (int padding = 0; padding < 2 && text.ends_with('='); ++padding) text.remove_suffix(1);
    return std::ranges::all_of(text, [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
               c == '/';
    });
}

Secret secret_of(std::string_view line, const std::string& where) {
    if (line.starts_with(prefix)) line.remove_prefix(prefix.size());
    if (!is_base64(line)) throw BadSecrets(where + "not base64");
    const auto padding = static_cast<std::size_t>(std::ranges::count(line, '='));
    const std::size_t size = line.size() / 4 * 3 - padding;
    if (size < Secret::least || size > Secret::most)
        throw BadSecrets(where + "a secret of " + std::to_string(size) + " bytes; it must have " +
                         std::to_string(Secret::least) + " to " + std::to_string(Secret::most));
    std::array<unsigned char, Secret::most + 2> decoded;  // with zeros for the padding
    EVP_DecodeBlock(decoded.data(), reinterpret_cast<const unsigned char*>(line.data()),
                    static_cast<int>(line.size()));
    const Secret secret(std::span<const unsigned char>(decoded).first(size));
    OPENSSL_cleanse(decoded.data(), decoded.size());
    return secret;
}

}  // namespace

Secret::Secret(std::span<const unsigned char> bytes) : size_(bytes.size()) {
    assert(size_ >= least && size_ <= most);
    std::ranges::copy(bytes, bytes_.begin());
}

Secret::~Secret() { OPENSSL_cleanse(bytes_.data(), bytes_.size()); }

std::vector<Secret> parse_secrets(std::string_view text) {
    std::vector<Secret> secrets;
    for (std::size_t number = 1; !text.empty(); ++number) {
        const std::string_view line = trimmed(take_line(text));
        if (line.empty()) continue;
        const std::string where = "line " + std::to_string(number) + ": ";
        if (secrets.size() == 2)
            throw BadSecrets(where + "a third secret; there may be two, during rotation");
        secrets.push_back(secret_of(line, where));
    }
    if (secrets.empty()) throw BadSecrets("no secret in it");
    return secrets;
}

std::string sign(std::span<const Secret> secrets, std::string_view id, std::int64_t unix_seconds,
                 std::string_view body) {
    std::string content;
    content.append(id).append(".").append(std::to_string(unix_seconds)).append(".").append(body);
    std::string signatures;
    for (const Secret& secret : secrets) {
        std::array<unsigned char, 32> digest;
        const auto key = secret.bytes();
        if (!HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
                  reinterpret_cast<const unsigned char*>(content.data()), content.size(), digest.data(),
                  nullptr))
            throw std::runtime_error("OpenSSL has no HMAC-SHA256");
        signatures.append(signatures.empty() ? "v1," : " v1,").append(base64(digest));
    }
    return signatures;
}

}  // namespace nlwatch::webhook
