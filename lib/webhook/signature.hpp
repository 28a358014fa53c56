// Standard Webhooks: what proves to a receiver that a delivery is ours, and that nobody has changed it.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

// https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
namespace nlwatch::webhook {

// A key shared with the receiver. Its bytes are wiped from memory when it goes.
class Secret {
public:
    static constexpr std::size_t least = 24, most = 64;  // bytes

    explicit Secret(std::span<const unsigned char>);  // so many
    Secret(const Secret&) = default;
    Secret& operator=(const Secret&) = default;
    ~Secret();

    std::span<const unsigned char> bytes() const { return {bytes_.data(), size_}; }

private:
    std::array<unsigned char, most> bytes_{};
    std::size_t size_;
};

// Says what is wrong with which line, and nothing of what it holds.
struct BadSecrets : std::runtime_error {
    using runtime_error::runtime_error;
};

// One secret a line, as base64, with or without "whsec_" before it; two while one takes over from the other.
// Blank lines, and white space around a secret, do not count. Throws BadSecrets.
std::vector<Secret> parse_secrets(std::string_view text);

// The value of the header webhook-signature: "v1,<base64>" by each secret, with spaces between. The other two
// headers have the same `id` (which holds no full stop) and time.
std::string sign(std::span<const Secret>, std::string_view id, std::int64_t unix_seconds,
                 std::string_view body);

}  // namespace nlwatch::webhook
