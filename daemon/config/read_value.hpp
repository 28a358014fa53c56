// Reads a key's value by its rule (fields.hpp): a value that is not there, or is wrong, is left as it was.
#pragma once
#include "config/fields.hpp"
#include "config/table_reader.hpp"

namespace nlwatch::config {

void read(TableReader&, std::string_view key, std::size_t&, const rule::Size&);
void read(TableReader&, std::string_view key, std::size_t&, const rule::Count&);
void read(TableReader&, std::string_view key, std::chrono::milliseconds&, const rule::Duration&);
void read(TableReader&, std::string_view key, bool&, const rule::Flag&);
void read(TableReader&, std::string_view key, std::optional<unsigned>&, const rule::Mode&);
void read(TableReader&, std::string_view key, std::optional<std::string>&, const rule::Group&);
void read(TableReader&, std::string_view key, std::optional<std::string>&, const rule::Folder&);
void read(TableReader&, std::string_view key, std::optional<std::string>&, const rule::File&);
void read(TableReader&, std::string_view key, LogLevels&, const rule::Levels&);
void read(TableReader&, std::string_view key, record::Globs&, const rule::Globs&);
void read(TableReader&, std::string_view key, record::Transitions&, const rule::Transitions&);
void read(TableReader&, std::string_view key, std::vector<std::string>&, const rule::Hosts&);
void read(TableReader&, std::string_view key, SocketAddress&, const rule::Address&);
void read(TableReader&, std::string_view key, http::GroupSet&, const rule::Routes&);
void read(TableReader&, std::string_view key, std::string&, const rule::SinkName&);
void read(TableReader&, std::string_view key, Sink::Type&, const rule::SinkType&);
void read(TableReader&, std::string_view key, Sink::Format&, const rule::SinkFormat&);
void read(TableReader&, std::string_view key, std::map<std::string, std::string>&, const rule::Tags&);

// What the keys of one table must be together; the keys that it must not have.
template <class Section>
void finish(TableReader& reader, const Section&) {
    reader.finish();
}
void finish(TableReader&, const Config::Netlink&);
void finish(TableReader&, const Listen&);
void finish(TableReader&, const Sink&);

// What the tables of one list must be together.
void finish(TableReader&, const toml::array&, const std::vector<Listen>&);
void finish(TableReader&, const toml::array&, std::vector<Sink>&);

template <class Section, class Fields>
void read_fields(TableReader& reader, Section& section, const Fields& fields) {
    std::apply(
        [&](const auto&... field) { (read(reader, field.key, section.*field.member, field.rule), ...); },
        fields);
}

// A table says all that it says: what is not in it is as in one that is empty.
template <class Section, class Fields>
void read(TableReader& above, std::string_view key, Section& section, const rule::Table<Fields>& rule) {
    const toml::table* table = above.take_table(key);
    if (!table) return;
    section = {};
    TableReader reader = above.below(key, *table, false);
    read_fields(reader, section, rule.fields);
    finish(reader, section);
}

template <class Element, class Fields>
void read(TableReader& above, std::string_view key, std::vector<Element>& list,
          const rule::Tables<Fields>& rule) {
    const toml::array* tables = above.take_tables(key);
    if (!tables) return;
    list.clear();
    for (const toml::node& node : *tables) {
        TableReader reader = above.below(key, *node.as_table(), true);
        Element& element = list.emplace_back();
        read_fields(reader, element, rule.fields);
        finish(reader, element);
    }
    finish(above, *tables, list);
}

}  // namespace nlwatch::config
