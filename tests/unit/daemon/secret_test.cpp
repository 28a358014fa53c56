#include "secret.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "failure.hpp"

using namespace nlwatch;

namespace {

bool mentions(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

class Secrets : public testing::Test {
protected:
    Secrets() {
        std::string name = "/tmp/nlwatch-secret-XXXXXX";
        EXPECT_NE(::mkdtemp(name.data()), nullptr);
        folder = name;
        std::filesystem::permissions(folder, std::filesystem::perms{0711});
    }
    ~Secrets() override {
        ::unsetenv("CREDENTIALS_DIRECTORY");
        std::filesystem::remove_all(folder);
    }

    std::string write(const std::string& name, const std::string& text) const {
        std::ofstream{folder / name, std::ios::binary} << text;
        return folder / name;
    }

    std::filesystem::path folder;
};

config::Secret file(const std::string& path) { return {std::nullopt, path}; }
config::Secret credential(const std::string& name) { return {name, std::nullopt}; }

std::string read(const config::Secret& secret) { return read_secret(secret, "the token of sink 'ops'"); }

std::string why_not(const config::Secret& secret) {
    try {
        read(secret);
        return "";
    } catch (const Failure& failure) {
        EXPECT_EQ(failure.exit_code, exit_code::configuration);
        return failure.what();
    }
}

}  // namespace

TEST_F(Secrets, AreAFileWithoutTheNewlinesAtItsEnd) {
    EXPECT_EQ(read(file(write("a", "hunter2"))), "hunter2");
    EXPECT_EQ(read(file(write("b", "one\ntwo\r\n\n"))), "one\ntwo");
    EXPECT_EQ(read(file(write("c", " blanks stay \n"))), " blanks stay ");
    EXPECT_EQ(read(file(write("d", std::string(64 * 1024, 'x')))).size(), 64u * 1024);
}

TEST_F(Secrets, AreCredentialsOfSystemd) {
    write("ops", "hunter2\n");
    ::setenv("CREDENTIALS_DIRECTORY", folder.c_str(), 1);
    EXPECT_EQ(read(credential("ops")), "hunter2");
    EXPECT_EQ(why_not(credential("other")),
              "the token of sink 'ops': credential 'other', " + (folder / "other").string() +
                  ": it is not there: add LoadCredential=other:/path (systemctl edit nlwatch; a restart, no "
                  "reload, loads it)");
}

TEST_F(Secrets, CannotBeCredentialsWhereThereAreNone) {
    for (const char* unset : {"", static_cast<const char*>(nullptr)}) {
        if (unset)
            ::setenv("CREDENTIALS_DIRECTORY", unset, 1);
        else
            ::unsetenv("CREDENTIALS_DIRECTORY");
        const std::string why = why_not(credential("ops"));
        EXPECT_TRUE(why.starts_with("the token of sink 'ops': credential 'ops': ")) << why;
        EXPECT_TRUE(mentions(why, "add LoadCredential=ops:/path (systemctl edit nlwatch")) << why;
        EXPECT_TRUE(why.ends_with("or use secret_file")) << why;
    }
}

TEST_F(Secrets, AreRefusedInWordsThatHoldNothingOfThem) {
    const std::string nul{"hunter2\0x", 9};
    const std::pair<std::string, const char*> refused[] = {
        {(folder / "missing").string(), "there is no such file"},
        {write("file", "hunter2") + "/below", "there is no such file"},
        {folder.string(), "must be a regular file"},
        {"/dev/null", "must be a regular file"},
        {write("empty", ""), "it is empty"},
        {write("newlines", "\n\r\n"), "it is empty"},
        {write("nul", nul), "there is a NUL in it"},
        {write("large", "hunter2" + std::string(64 * 1024, 'x')), "too large: a secret has at most 64 KiB"},
    };
    for (const auto& [path, words] : refused) {
        const std::string why = why_not(file(path));
        EXPECT_TRUE(why.starts_with("the token of sink 'ops': " + path + ": " + words)) << why;
        EXPECT_FALSE(mentions(why, "hunter2"));
    }
}

TEST_F(Secrets, DoNotWaitForTheWriterOfAFifo) {
    const std::string path = folder / "fifo";
    ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
    EXPECT_TRUE(mentions(why_not(file(path)), "must be a regular file"));
}

// In a process of its own, which may give up being root.
TEST_F(Secrets, OfRootAreReadBySystemd) {
    constexpr uid_t nobody = 65534;
    const std::string path = write("key", "hunter2");
    ASSERT_EQ(::chmod(path.c_str(), ::geteuid() == 0 ? 0600 : 0), 0);
    const auto ask = [&] {
        if (::geteuid() == 0 && ::seteuid(nobody) != 0) ::_exit(1);
        std::cerr << why_not(file(path));
        ::_exit(0);
    };
    const std::string user = std::to_string(::geteuid() == 0 ? nobody : ::geteuid());
    EXPECT_EXIT(ask(), testing::ExitedWithCode(0),
                "key: user " + user + " may not read it; under systemd, LoadCredential=NAME:" + path +
                    " reads it as root");
}
