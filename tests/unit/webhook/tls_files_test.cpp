// Files of TLS that cannot be used are told by name, before anything is sent.
#include "webhook/tls_files.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <fstream>
#include <string>

#include "authority.hpp"
#include "unit/sink/temporary_folder.hpp"

namespace nlwatch::webhook {
namespace {

struct TlsFiles : testing::Test {
    std::string file(const std::string& name, const std::string& text) const {
        std::ofstream(folder.path() + "/" + name) << text;
        return folder.path() + "/" + name;
    }
    std::string fault_with(const std::string& key) const {
        Request request;
        request.certificate_file = own.certificate;
        request.key = key;
        return fault_of_tls(request).value_or("none");
    }

    static test::Authority authority;
    static test::Identity own;
    const test::TemporaryFolder folder;
};

test::Authority TlsFiles::authority;
test::Identity TlsFiles::own = authority.issue("DNS:client");

TEST_F(TlsFiles, NeedNotBe) { EXPECT_EQ(fault_of_tls({}), std::nullopt); }

TEST_F(TlsFiles, HoldTheAuthorities) {
    Request request;
    request.ca_file = authority.certificate();
    EXPECT_EQ(fault_of_tls(request), std::nullopt);
    request.ca_file = folder.path() + "/nowhere.pem";
    EXPECT_EQ(fault_of_tls(request),
              request.ca_file + ": no certificate can be read from it: No such file or directory");
    request.ca_file = file("ca.pem", "nothing\n");
    EXPECT_EQ(fault_of_tls(request),
              request.ca_file + ": no certificate can be read from it: no certificate or crl found");
    request.ca_file = folder.path() + "/fifo";
    ASSERT_EQ(::mkfifo(request.ca_file.c_str(), 0600), 0);
    for (const std::string& path : {request.ca_file, folder.path()}) {
        request.ca_file = path;
        EXPECT_EQ(fault_of_tls(request),
                  path + ": no certificate can be read from it: it is no regular file");
    }
}

TEST_F(TlsFiles, HoldTheClientsCertificateAndItsKey) {
    EXPECT_EQ(fault_with(test::text_of(own.key)), "none");
    Request request;
    request.certificate_file = file("both.pem", test::text_of(own.certificate) + test::text_of(own.key));
    EXPECT_EQ(fault_of_tls(request), std::nullopt);
    request.certificate_file = own.certificate;
    EXPECT_NE(fault_of_tls(request).value_or("").find("the key in " + own.certificate + " cannot be read"),
              std::string::npos);
    request.certificate_file = folder.path() + "/nowhere.pem";
    EXPECT_EQ(fault_of_tls(request),
              request.certificate_file + ": no certificate can be read from it: No such file or directory");
}

TEST_F(TlsFiles, TellOfAKeyThatIsNone) {
    EXPECT_TRUE(fault_with("s3cret").starts_with("the client's key cannot be read as PEM: "));
    EXPECT_EQ(fault_with("s3cret").find("s3cret"), std::string::npos);
    const std::string rsa = folder.path() + "/rsa.key";  // OpenSSL compares it with an RSA certificate only
    ASSERT_EQ(std::system(("openssl genrsa -out " + rsa + " 2048 2>/dev/null").c_str()), 0);
    for (const std::string& file : {authority.issue("DNS:another").key, rsa}) {
        const std::string fault = fault_with(test::text_of(file));
        EXPECT_TRUE(fault.starts_with("the client's key is not that of " + own.certificate + ": ")) << fault;
    }
}

TEST_F(TlsFiles, TellOfAKeyThatIsEncrypted) {
    for (const std::string form : {"ec -aes128", "pkcs8 -topk8"}) {
        const std::string locked = folder.path() + "/locked.key";
        const std::string command =
            "openssl " + form + " -passout pass:secret -in " + own.key + " -out " + locked + " 2>/dev/null";
        ASSERT_EQ(std::system(command.c_str()), 0);
        EXPECT_EQ(fault_with(test::text_of(locked)),
                  "the client's key is encrypted: there is nobody to ask for its pass phrase")
            << form;
    }
}

}  // namespace
}  // namespace nlwatch::webhook
