// Reads TOML tables key by key, and collects what is wrong with them instead of stopping at the first.
#pragma once
#include <toml++/toml.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "config/diagnostics.hpp"

namespace nlwatch::config {

Span span_of(const toml::source_region&);
std::string_view type_of(const toml::node&);  // "a string", "an integer", …

// One table. take() a key to read it; finish() then says which keys nobody took, and what they may have been
// meant to be. Values that may hold secrets are hidden in what is told. All that is read or told must outlive
// it.
class TableReader {
public:
    // The top level.
    TableReader(const toml::table& table, Diagnostics& diagnostics)
        : TableReader(table, "", false, diagnostics) {}
    // `path`: as "http.listen". `listed`: it is one of a list, [[…]].
    TableReader(const toml::table& table, std::string path, bool listed, Diagnostics& diagnostics)
        : table_(table), path_(std::move(path)), listed_(listed), diagnostics_(diagnostics) {}

    const toml::node* take(std::string_view key);  // null: it is not there
    const toml::node* peek(std::string_view key) const { return table_.get(key); }

    // The value if it is there and of this type; else null, and what it is instead is told.
    const toml::value<std::string>* take_string(std::string_view key);
    const toml::value<std::string>* take_text(std::string_view key);  // any string: a hint to quote is right
    const toml::array* take_strings(std::string_view key);            // all elements are strings
    const toml::table* take_table(std::string_view key);
    const toml::array* take_tables(std::string_view key);  // all elements are tables

    // Reader of a table below this one.
    TableReader below(std::string_view key, const toml::table& table, bool listed) const;

    // `wanted`: "must be a size, such as …"; `meant`: what would be right, as it would be written.
    void wrong_type(std::string_view key, const toml::node& at, std::string_view wanted,
                    std::string_view meant = {}) const;
    void error(std::string_view key, const toml::node& at, std::string_view message) const;
    void error_here(std::string_view message) const;  // at the table's header
    void finish();
    void ignore_rest();  // instead: nobody can know what the other keys mean

    const Diagnostics& diagnostics() const { return diagnostics_; }
    std::string title() const;                     // "[stream]", "[[sink]]"; "" for the top level
    std::string name(std::string_view key) const;  // "'mode' in [stream]"

private:
    bool is_taken(std::string_view key) const;
    std::string_view quoted_source(const toml::node&) const;
    std::string path_of(std::string_view key) const;
    std::string unknown(std::string_view key, const toml::node&) const;

    const toml::table& table_;
    std::string path_;
    bool listed_;
    Diagnostics& diagnostics_;
    std::vector<std::string> known_;
};

}  // namespace nlwatch::config
