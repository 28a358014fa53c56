// Whom TLS trusts, and what is said of it.
#include <gtest/gtest.h>
#include <openssl/ui.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

#include "posting.hpp"
#include "receiver.hpp"

namespace nlwatch::webhook {
namespace {

using namespace std::chrono_literals;
using test::answers;
using test::no_content;
using test::Receiver;
using test::to;
using Kind = Response::Kind;

struct Tls : test::Posting {
    // To one that shows `tls`, known here by the tests' own authority; asked for as localhost.
    Response from(const Receiver::Tls& tls) {
        receiver.emplace(answers(no_content), tls);
        return post(trusting());
    }
    Request trusting() const {
        Request request = to(receiver->url("localhost"));
        request.ca_file = authority.certificate();
        request.want_certificates = true;
        return request;
    }
    void refused(const Response& it, const std::string& why) const {
        EXPECT_EQ(it.kind, Kind::network_error);
        EXPECT_EQ(it.words, "localhost:" + std::to_string(receiver->port()) + ": " + why);
    }

    static test::Authority authority;
    test::Identity localhost = authority.issue("DNS:localhost");
    std::optional<Receiver> receiver;
};

test::Authority Tls::authority;

TEST_F(Tls, TrustsItsOwnAuthority) {
    const Response it = from({.identity = localhost});
    EXPECT_EQ(it.status, 204) << it.words;
    EXPECT_EQ(it.tls_version, "TLSv1.3");
    ASSERT_EQ(it.chain.size(), 1U);
    EXPECT_EQ(it.chain[0].subject, "CN=receiver");
    EXPECT_EQ(it.chain[0].issuer, "CN=authority,O=nlwatch");
    EXPECT_EQ(it.chain[0].not_after - it.chain[0].not_before, std::chrono::days(30));
    EXPECT_LT(std::chrono::system_clock::now() - it.chain[0].not_before, 1h);

    const Response kept = post(trusting());
    EXPECT_EQ(receiver->connections(), 1);
    EXPECT_EQ(kept.tls_version, "TLSv1.3");
    EXPECT_EQ(kept.chain.size(), 1U);
}

TEST_F(Tls, TakesOneDotTwo) {
    EXPECT_EQ(from({.identity = localhost, .newest = TLS1_2_VERSION}).tls_version, "TLSv1.2");
}

TEST_F(Tls, RefusesOneDotOne) {
    const Response it = from({.identity = localhost, .newest = TLS1_1_VERSION});
    EXPECT_EQ(it.kind, Kind::network_error);
    EXPECT_NE(it.words.find("protocol version"), std::string::npos) << it.words;
}

TEST_F(Tls, RefusesAnExpiredCertificate) {
    refused(from({.identity = authority.issue("DNS:localhost", -1)}),
            "SSL certificate problem: certificate has expired");
}

TEST_F(Tls, RefusesOneOfAnotherHost) {
    refused(from({.identity = authority.issue("DNS:elsewhere.example")}),
            "SSL: no alternative certificate subject name matches target host name 'localhost'");
}

TEST_F(Tls, RefusesOneThatNobodyVouchesFor) {
    receiver.emplace(answers(no_content), Receiver::Tls{.identity = localhost});
    Request request = trusting();
    request.ca_file.clear();
    refused(post(request), "SSL certificate problem: unable to get local issuer certificate");
}

TEST_F(Tls, ReadsItsAuthorityAnew) {
    const test::TemporaryFolder folder;
    const std::string file = folder.path() + "/ca.pem";
    const test::Authority stranger;
    receiver.emplace(answers("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"),
                     Receiver::Tls{.identity = localhost});
    Request request = trusting();
    request.ca_file = file;
    std::filesystem::copy_file(stranger.certificate(), file);
    refused(post(request), "SSL certificate problem: unable to get local issuer certificate");
    std::filesystem::copy_file(authority.certificate(), file,
                               std::filesystem::copy_options::overwrite_existing);
    EXPECT_EQ(post(request).status, 204);
}

TEST_F(Tls, ShowsItsOwnCertificateWhereOneIsDemanded) {
    const Response without = from({.identity = localhost, .clients_authority = authority.certificate()});
    EXPECT_EQ(without.kind, Kind::network_error);
    EXPECT_NE(without.words.find("certificate required"), std::string::npos) << without.words;

    const test::Identity own = authority.issue("DNS:client");
    Request request = trusting();
    request.certificate_file = own.certificate;
    request.key = test::text_of(own.key);
    const Response with = post(request);
    EXPECT_EQ(with.status, 204) << with.words;

    transfers.emplace(reactor.get_executor());
    request.key = test::text_of(localhost.key);
    EXPECT_EQ(post(request).kind, Kind::network_error) << "a key of another certificate";
}

bool somebody_was_asked = false;

// OpenSSL asks on the terminal, if there is one; here it tells that it would.
struct Terminal : Tls {
    Terminal() {
        UI_method_set_opener(watched, [](UI*) {
            somebody_was_asked = true;
            return 0;
        });
        UI_set_default_method(watched);
    }
    ~Terminal() override {
        UI_set_default_method(usual);
        UI_destroy_method(watched);
    }

    const UI_METHOD* usual = UI_get_default_method();
    UI_METHOD* watched = UI_create_method("watched");
};

TEST_F(Terminal, IsNotAskedForAPassPhrase) {
    const test::TemporaryFolder folder;
    const std::string locked = folder.path() + "/locked.key";
    const std::string command =
        "openssl ec -aes128 -passout pass:secret -in " + localhost.key + " -out " + locked + " 2>/dev/null";
    ASSERT_EQ(std::system(command.c_str()), 0);
    receiver.emplace(answers(no_content), Receiver::Tls{.identity = localhost});
    Request request = trusting();
    request.certificate_file = localhost.certificate;
    request.key = test::text_of(locked);
    EXPECT_EQ(post(request).kind, Kind::network_error);

    request.certificate_file = folder.path() + "/both.pem";
    std::ofstream(request.certificate_file) << test::text_of(localhost.certificate) << test::text_of(locked);
    request.key = "";
    EXPECT_EQ(post(request).kind, Kind::network_error);
    EXPECT_FALSE(somebody_was_asked);
}

TEST_F(Tls, GivesUpOnAHandshakeThatHangs) {
    receiver.emplace([](test::Peer& peer) { peer.wait_for_close(); });
    Request request = to("https://127.0.0.1:" + std::to_string(receiver->port()));
    request.connect_timeout = 300ms;
    const Response it = post(request);
    EXPECT_EQ(it.kind, Kind::timeout);
    EXPECT_EQ(it.words, "no connection to 127.0.0.1:" + std::to_string(receiver->port()) + " within 300 ms");
}

}  // namespace
}  // namespace nlwatch::webhook
