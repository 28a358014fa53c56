// Signatures against the vector that the specification's own libraries are tested with, and secrets that are
// none.
#include "webhook/signature.hpp"

#include <gtest/gtest.h>

#include <string>

namespace nlwatch::webhook {
namespace {

const std::string secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const std::string other = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
constexpr std::string_view body = R"({"test": 2432232314})";

std::string signed_by(const std::string& secrets) {
    return sign(parse_secrets(secrets), "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body);
}

// Why it is refused; empty if it is not.
std::string refusal(const std::string& secrets) {
    try {
        parse_secrets(secrets);
        return "";
    } catch (const BadSecrets& error) {
        return error.what();
    }
}

// The base64 of so many zero bytes.
std::string base64_of_zeros(std::size_t bytes) {
    const std::size_t padding = (3 - bytes % 3) % 3;
    const std::size_t size = (bytes + padding) / 3 * 4;
    return std::string(size - padding, 'A') + std::string(padding, '=');
}

TEST(Signature, IsWhatTheReferenceSays) {
    EXPECT_EQ(signed_by(secret), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST(Signature, CoversIdTimeAndBody) {
    const auto keys = parse_secrets(secret);
    const std::string it = sign(keys, "a", 1, "{}");
    EXPECT_NE(sign(keys, "b", 1, "{}"), it);
    EXPECT_NE(sign(keys, "a", 2, "{}"), it);
    EXPECT_NE(sign(keys, "a", 1, "[]"), it);
    EXPECT_EQ(sign(keys, "a", 1, "{}"), it);
}

TEST(Signature, IsMadeByBothSecretsDuringRotation) {
    EXPECT_EQ(signed_by(other + "\n" + secret), signed_by(other) + " " + signed_by(secret));
}

TEST(Secrets, MayLackThePrefixAndHaveSpaceAround) {
    const std::string bare = secret.substr(6);
    for (const std::string& text : {bare, bare + "\n", "\n\n" + secret + "  \r\n\n", "\t" + secret + "\r"})
        EXPECT_EQ(signed_by(text), signed_by(secret)) << text;
}

TEST(Secrets, HaveTwentyFourToSixtyFourBytes) {
    for (const std::size_t size : {24, 25, 26, 32, 63, 64}) {
        const auto keys = parse_secrets(base64_of_zeros(size));
        ASSERT_EQ(keys.size(), 1U);
        EXPECT_EQ(keys[0].bytes().size(), size);
    }
    EXPECT_EQ(refusal("\n" + base64_of_zeros(23)), "line 2: a secret of 23 bytes; it must have 24 to 64");
    EXPECT_EQ(refusal(base64_of_zeros(65)), "line 1: a secret of 65 bytes; it must have 24 to 64");
    EXPECT_EQ(refusal(base64_of_zeros(3000)), "line 1: a secret of 3000 bytes; it must have 24 to 64");
}

TEST(Secrets, AreRefusedByLineAndNeverShown) {
    EXPECT_EQ(refusal(""), "no secret in it");
    EXPECT_EQ(refusal("\n \r\n"), "no secret in it");
    EXPECT_EQ(refusal("whsec_"), "line 1: a secret of 0 bytes; it must have 24 to 64");
    EXPECT_EQ(refusal(secret + "\n" + other + "\n\n" + secret),
              "line 4: a third secret; there may be two, during rotation");
    const std::string bare = secret.substr(6);
    for (const std::string& text :
         {"whsk_" + bare, bare + "=", bare.substr(1), bare.substr(0, 28) + "====", bare.substr(0, 30) + "=a",
          bare.substr(0, 15) + " " + bare.substr(16), bare.substr(0, 31) + "-", bare + "\xc3\xa4 " + bare})
        EXPECT_EQ(refusal(secret + "\n" + text), "line 2: not base64") << text;
}

}  // namespace
}  // namespace nlwatch::webhook
