#include "webhook/shown.hpp"

#include <gtest/gtest.h>

namespace nlwatch::webhook {
namespace {

constexpr const char* nothing = "nothing that may be shown: it repeats the URL or a secret";

TEST(Shown, OfAUrlAreHostAndPort) {
    EXPECT_EQ(receiver_of("https://ops.example.org/hooks/s3cret?token=s3cret"), "ops.example.org:443");
    EXPECT_EQ(receiver_of("http://[2001:db8::1]:8080"), "[2001:db8::1]:8080");
    EXPECT_EQ(receiver_of("s3cret s3cret"), "(not a URL)");
}

TEST(Shown, OfABodyIsTheBeginning) {
    Request request;
    request.url = "https://ops.example.org/";
    EXPECT_EQ(quote_of("", request), "");
    EXPECT_EQ(quote_of("no such / thing", request), "no such / thing");
    EXPECT_EQ(quote_of(std::string(1024, 'x'), request), std::string(512, 'x'));
}

TEST(Shown, OfABodyIsNothingThatRepeatsTheUrl) {
    Request request;
    request.url = "https://ops.example.org/hooks/T0123/s3cret-t0ken?a=1&key=another-t0ken#end";
    EXPECT_EQ(quote_of("there are no webhooks here", request), "there are no webhooks here")
        << "a short word is none";
    for (const char* echo :
         {"/HOOKS/t0123/S3cret-T0ken", "/s3cret-t0ken", "key&#61;another-t0ken", "x another-t0kenx"})
        EXPECT_EQ(quote_of(echo, request), nothing) << echo;
    request.url = "https://ops.example.org/ab12";
    EXPECT_EQ(quote_of("Cannot POST /ab12", request), nothing);
    EXPECT_EQ(quote_of("ab12", request), "ab12");
    request.url = "https://ops.example.org/?sig=abc%2Bdef%3D";
    for (const char* echo : {"no sig abc%2bdef%3d", "no sig abc+def="})
        EXPECT_EQ(quote_of(echo, request), nothing) << echo;
}

TEST(Shown, OfABodyIsNothingThatRepeatsHeadersButOurOwn) {
    Request request;
    request.url = "https://ops.example.org/";
    request.headers = {"Content-Type: application/json", "webhook-id: 4f1c2a9be07d4c55-7",
                       "X-Key: k3y-0f-0ps", "X-E:"};
    EXPECT_EQ(quote_of("4f1c2a9be07d4c55-7 is no application/json", request),
              "4f1c2a9be07d4c55-7 is no application/json");
    EXPECT_EQ(quote_of("unknown key K3Y-0F-0PS", request), nothing);
    request.headers = {"Cookie: a=b; sid=s3cret-s1d"};
    EXPECT_EQ(quote_of("unknown session s3cret-s1d", request), nothing);
}

TEST(Shown, OfABodyIsNothingThatRepeatsCredentials) {
    Request request;
    request.url = "https://ops.example.org/";
    request.bearer = "s3cret-t0ken";
    EXPECT_EQ(quote_of("missing authorization scope", request), "missing authorization scope");
    EXPECT_EQ(quote_of("Authorization: Bearer s3cret-t0ken", request), nothing);
    request.bearer = std::string(2000, 'k');
    EXPECT_EQ(quote_of("invalid token " + std::string(1010, 'k'), request), nothing)
        << "of which a part is there";
    request.bearer = "";
    request.user = "ops";
    request.password = "s3cret-password";
    EXPECT_EQ(quote_of("not s3cret-password", request), nothing);
    EXPECT_EQ(quote_of("Basic b3BzOnMzY3JldC1wYXNzd29yZA==", request), nothing);
}

}  // namespace
}  // namespace nlwatch::webhook
