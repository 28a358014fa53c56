// Certificates for one test, made by the openssl command in a folder that goes with it.
#pragma once
#include <string>

#include "unit/sink/temporary_folder.hpp"

namespace nlwatch::test {

// PEM files.
struct Identity {
    std::string certificate, key;
};

class Authority {
public:
    Authority();

    // For the subjectAltName `names` ("DNS:localhost,IP:127.0.0.1"); expired if `days` is negative.
    Identity issue(const std::string& names, int days = 30);
    const std::string& certificate() const { return own_.certificate; }

private:
    Identity next(const std::string& name) const;

    TemporaryFolder folder_;
    Identity own_;
    int issued_ = 0;
};

std::string text_of(const std::string& path);  // of a whole file

}  // namespace nlwatch::test
