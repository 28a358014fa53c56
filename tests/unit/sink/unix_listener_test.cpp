#include "sink/unix_listener.hpp"

#include <fcntl.h>
#include <grp.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

#include "temporary_folder.hpp"

namespace nlwatch::sink {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;

struct UnixListenerTest : testing::Test {
    UnixListener listen() { return listen_unix(reactor.get_executor(), address); }
    std::string refused() {
        try {
            listen();
        } catch (const std::runtime_error& error) {
            return error.what();
        }
        return "not refused";
    }
    bool connects() {
        asio::local::stream_protocol::socket socket(reactor);
        boost::system::error_code error;
        socket.connect(address.path, error);
        return !error;
    }
    mode_t mode() const {
        struct stat status {};
        EXPECT_EQ(stat(address.path.c_str(), &status), 0);
        return status.st_mode & 07777;
    }

    test::TemporaryFolder folder;
    asio::io_context reactor{1};
    UnixAddress address{.path = folder.path() + "/stream.sock", .mode = 0660, .group = ""};
};

TEST_F(UnixListenerTest, ListensWithItsModeWhateverTheUmask) {
    const mode_t before = umask(0077);
    const UnixListener listener = listen();
    umask(before);
    EXPECT_EQ(mode(), 0660u);
    EXPECT_TRUE(connects());
}

TEST_F(UnixListenerTest, DoesNotWaitForEverForAFolderThatSomebodyElseHolds) {
    const int fd = open(folder.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    ASSERT_EQ(flock(fd, LOCK_EX), 0);
    EXPECT_NE(refused().find("another process holds the lock of " + folder.path()), std::string::npos);
    close(fd);
    const UnixListener listener = listen();
    EXPECT_TRUE(connects());
}

TEST_F(UnixListenerTest, RemovesItsFile) {
    { const UnixListener listener = listen(); }
    EXPECT_FALSE(fs::exists(address.path));
}

TEST_F(UnixListenerTest, LeavesAFileThatAnotherHasPutInItsPlace) {
    {
        const UnixListener listener = listen();
        fs::rename(address.path, address.path + ".old");  // keeps the inode from being used again
        std::ofstream(address.path) << "another's";
    }
    EXPECT_TRUE(fs::exists(address.path));
}

TEST_F(UnixListenerTest, ReplacesAStaleSocketFile) {
    {
        UnixListener left = listen();
        fs::create_hard_link(address.path, address.path + ".stale");
    }
    fs::rename(address.path + ".stale", address.path);
    ASSERT_TRUE(fs::is_socket(address.path));
    ASSERT_FALSE(connects());
    const UnixListener listener = listen();
    EXPECT_TRUE(connects());
}

TEST_F(UnixListenerTest, LeavesALiveSocketAlone) {
    const UnixListener live = listen();
    const std::string error = refused();
    EXPECT_NE(error.find(address.path), std::string::npos) << error;
    EXPECT_NE(error.find("another process listens there"), std::string::npos) << error;
    EXPECT_TRUE(connects());
}

TEST_F(UnixListenerTest, LeavesAFileThatIsNoSocketAlone) {
    std::ofstream(address.path) << "precious";
    const std::string error = refused();
    EXPECT_NE(error.find("not a socket"), std::string::npos) << error;
    EXPECT_EQ(fs::file_size(address.path), 8u);
}

TEST_F(UnixListenerTest, SaysThatTheFolderIsMissing) {
    address.path = folder.path() + "/missing/stream.sock";
    const std::string error = refused();
    EXPECT_NE(error.find("No such file or directory"), std::string::npos) << error;
    EXPECT_NE(error.find("--dir"), std::string::npos) << error;
}

TEST_F(UnixListenerTest, SaysThatThePathIsTooLong) {
    address.path = folder.path() + "/" + std::string(108, 'x');
    EXPECT_NE(refused().find("1 to 107 bytes"), std::string::npos) << refused();
}

TEST_F(UnixListenerTest, SaysThatThereIsNoSuchGroup) {
    address.group = "no-such-group";
    const std::string error = refused();
    EXPECT_NE(error.find("no group 'no-such-group'"), std::string::npos) << error;
    EXPECT_FALSE(fs::exists(address.path));
}

TEST_F(UnixListenerTest, GivesTheSocketToItsGroup) {
    const group* own = getgrgid(getegid());
    if (!own) GTEST_SKIP() << "this process's group has no name";
    address.group = own->gr_name;
    const gid_t gid = own->gr_gid;
    const UnixListener listener = listen();
    struct stat status {};
    ASSERT_EQ(stat(address.path.c_str(), &status), 0);
    EXPECT_EQ(status.st_gid, gid);
    EXPECT_EQ(mode(), 0660u);
}

}  // namespace
}  // namespace nlwatch::sink
