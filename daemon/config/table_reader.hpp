// Reads TOML tables key by key, and collects what is wrong with them instead of stopping at the first.
#pragma once
#include <toml++/toml.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nlwatch::config {

// What is wrong with a source text, and where.
class Diagnostics {
public:
    Diagnostics(std::string_view source, std::string name) : source_(source), name_(std::move(name)) {}

    void error(const toml::source_position&, const std::string& message);
    bool empty() const { return text_.empty(); }
    const std::string& text() const { return text_; }  // all of it, ready to be printed

private:
    std::string_view source_;
    std::string name_;
    std::string text_;
};

// One table. Each reader takes a key if it is there, and says so if its value is not what it must be;
// finish() then says which keys nobody took, and what they may have been meant to be.
class TableReader {
public:
    // `title`: how errors name the table, such as "[stream]"; "" = the top level.
    TableReader(const toml::table& table, std::string title, Diagnostics& diagnostics)
        : table_(table), title_(std::move(title)), diagnostics_(diagnostics) {}

    void table(std::string_view key, const std::function<void(TableReader&)>& read);
    void text(std::string_view key, std::optional<std::string>& value);
    void texts(std::string_view key, std::vector<std::string>& values);
    void count(std::string_view key, std::size_t& value, std::size_t least, std::size_t most);
    void size(std::string_view key, std::size_t& bytes, std::size_t least, std::size_t most);
    void duration(std::string_view key, std::chrono::milliseconds& value, std::chrono::milliseconds least);
    void mode(std::string_view key, std::optional<unsigned>& value);

    // An error of meaning at a key that was read.
    void error(std::string_view key, const std::string& message);
    void finish();

private:
    const toml::node* take(std::string_view key);
    std::string name(std::string_view key) const;

    const toml::table& table_;
    std::string title_;
    Diagnostics& diagnostics_;
    std::vector<std::string> known_;
};

}  // namespace nlwatch::config
