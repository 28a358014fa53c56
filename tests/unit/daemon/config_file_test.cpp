// The file that is shipped, against what the program knows; and files that are none.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>

#include "config/changes.hpp"
#include "config/fields.hpp"
#include "config/load.hpp"

using namespace nlwatch::config;

namespace {

const std::string shipped = NLWATCH_FIXTURES "/../../config/nlwatch.toml";

std::vector<std::string> lines_of_shipped() {
    std::ifstream file{shipped};
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    EXPECT_GT(lines.size(), 50u);
    return lines;
}

// A line that shows a default: `#key = value` or `#[[header]]`, without a space behind the '#'.
bool shows_default(const std::string& line) {
    static const std::regex form{"#([a-z_]+ = .*|\\[\\[[a-z.]+\\]\\])"};
    return std::regex_match(line, form);
}

std::string errors_of_file(const std::string& path) {
    try {
        load(path);
        return "";
    } catch (const ConfigError& error) {
        return error.errors;
    }
}

class Folder : public testing::Test {
protected:
    Folder() {
        std::string name = "/tmp/nlwatch-config-XXXXXX";
        EXPECT_NE(::mkdtemp(name.data()), nullptr);
        path = name;
    }
    ~Folder() override { std::filesystem::remove_all(path); }

    std::string write(const std::string& name, const std::string& text) const {
        std::ofstream{path / name, std::ios::binary} << text;
        return path / name;
    }

    std::filesystem::path path;
};

}  // namespace

TEST(ShippedFile, SaysNothingAsItIs) { EXPECT_EQ(load(shipped).config, Config{}); }

// Those that are not fixed are root's, and the file says so.
TEST(ShippedFile, ShowsTheDefaults) {
    std::string text;
    for (const std::string& line : lines_of_shipped())
        text += (shows_default(line) ? line.substr(1) : line) + '\n';
    Config expected;
    expected.runtime.dir = "/run/nlwatch";
    expected.stream.mode = expected.http.mode = default_mode(true);
    expected.stream.group = expected.http.group = default_group(true);
    const Config shown = parse(text, shipped);
    EXPECT_EQ(changes(shown, expected), Changes{});
    EXPECT_EQ(shown, expected);
}

// As a default or in an example, which has blanks behind the '#'.
TEST(ShippedFile, ShowsEveryKey) {
    static const std::regex header{"#?\\[+([a-z.]+)\\]+"};
    static const std::regex key{"# *([a-z_]+) = .*"};
    static const std::regex key_in_braces{"[{,] ([a-z_]+) ="};
    std::set<std::string> shown;
    std::string table;
    for (const std::string& line : lines_of_shipped()) {
        std::smatch match;
        if (std::regex_match(line, match, header)) table = match[1];
        if (!std::regex_match(line, match, key)) continue;
        const std::string path = table + "." + match[1].str();
        shown.insert(path);
        for (std::sregex_iterator inner{line.begin(), line.end(), key_in_braces}, end; inner != end; ++inner)
            shown.insert(path + "." + (*inner)[1].str());
    }
    std::size_t keys = 0;
    for_each_key(parts, "", [&](const std::string& path) {
        ++keys;
        EXPECT_TRUE(shown.contains(path == "tags" ? "tags.site" : path)) << path;
    });
    EXPECT_GT(keys, 20u);
}

TEST_F(Folder, HoldsAFileThatIsRead) {
    const Loaded loaded = load(write("a.toml", "log.level = \"debug\"\n"));
    EXPECT_EQ(loaded.config.log.level.overall, LogLevel::debug);
    EXPECT_EQ(loaded.file, path / "a.toml");
}

TEST_F(Folder, IsNoFile) {
    EXPECT_EQ(errors_of_file(path), path.string() + ": error: this is a folder, not a file");
}

TEST_F(Folder, LacksAFile) {
    EXPECT_EQ(errors_of_file(path / "a.toml"), (path / "a.toml").string() + ": error: there is no such file");
    EXPECT_EQ(errors_of_file(""), ": error: there is no such file");
}

TEST_F(Folder, HoldsAFileThatIsTooLarge) {
    const std::string file = write("a.toml", "#" + std::string(mib, 'x'));
    EXPECT_EQ(errors_of_file(file), file + ": error: too large: a configuration has at most 1 MiB");
    EXPECT_EQ(errors_of_file(write("b.toml", "#" + std::string(mib - 1, 'x'))), "");
    EXPECT_NE(errors_of_file("/dev/zero"), "");
}

TEST(Configuration, MayComeFromAPipe) {
    int ends[2];
    ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    const std::string text = "log.level = \"error\"\n";
    ASSERT_EQ(::write(ends[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
    ::close(ends[1]);
    EXPECT_EQ(load("/proc/self/fd/" + std::to_string(ends[0])).config.log.level.overall, LogLevel::error);
    ::close(ends[0]);
}

TEST(Configuration, WithoutAFileIsTheDefaultsButOnlyIfNoneIsNamed) {
    if (std::filesystem::exists(default_file)) GTEST_SKIP() << "this machine has a configuration of its own";
    const Loaded loaded = load(std::nullopt);
    EXPECT_EQ(loaded.config, Config{});
    EXPECT_EQ(loaded.file, "");
    EXPECT_NE(errors_of_file(default_file), "");
}
