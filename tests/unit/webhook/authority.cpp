#include "authority.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

namespace nlwatch::test {

namespace {

void openssl(const std::string& arguments) {
    const std::string command = "openssl " + arguments + " 2>/dev/null";
    if (std::system(command.c_str()) != 0) ADD_FAILURE() << "failed: " << command;
}

const std::string new_key = " -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc";

}  // namespace

Authority::Authority() : own_(next("authority")) {
    openssl("req -x509" + new_key + " -subj '/O=nlwatch/CN=authority' -keyout " + own_.key + " -out " +
            own_.certificate);
}

Identity Authority::issue(const std::string& names, int days) {
    const Identity it = next(std::to_string(++issued_));
    const std::string request = it.certificate + ".csr";
    openssl("req -new" + new_key + " -subj '/CN=receiver' -addext 'subjectAltName=" + names + "' -keyout " +
            it.key + " -out " + request);
    openssl("x509 -req -copy_extensions copy -CAcreateserial -days " + std::to_string(days) + " -CA " +
            own_.certificate + " -CAkey " + own_.key + " -in " + request + " -out " + it.certificate);
    return it;
}

Identity Authority::next(const std::string& name) const {
    return {.certificate = folder_.path() + "/" + name + ".pem", .key = folder_.path() + "/" + name + ".key"};
}

std::string text_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace nlwatch::test
