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
void read(TableReader&, std::string_view key, std::map<std::string, std::string>&, const rule::Tags&);

// Those of sinks: read_sink.cpp.
void read(TableReader&, std::string_view key, std::string&, const rule::SinkName&);
void read(TableReader&, std::string_view key, Sink::Type&, const rule::SinkType&);
void read(TableReader&, std::string_view key, Sink::Format&, const rule::SinkFormat&);
void read(TableReader&, std::string_view key, Endpoint&, const rule::Destination&);
void read(TableReader&, std::string_view key, std::string&, const rule::Url&);
void read(TableReader&, std::string_view key, std::optional<std::string>&, const rule::Proxy&);
void read(TableReader&, std::string_view key, std::map<std::string, std::string>&, const rule::Headers&);
void read(TableReader&, std::string_view key, std::optional<std::string>&, const rule::Credential&);
void read(TableReader&, std::string_view key, std::optional<std::string>&, const rule::User&);
void read(TableReader&, std::string_view key, std::string&, const rule::TypePrefix&);
void read(TableReader&, std::string_view key, Sink::OnStart&, const rule::OnStart&);
void read(TableReader&, std::string_view key, Sink::AfterGap&, const rule::AfterGap&);

// Whether the key, which sinks of `types` have, is to be read; if it is there and this is another one, that
// is told. Of one whose type nobody knows it is left alone.
bool may_have(TableReader&, std::string_view key, SinkTypes types);

template <class Rule>
bool may_have(TableReader&, std::string_view, const Rule&) {
    return true;
}
template <class Rule>
bool may_have(TableReader& reader, std::string_view key, const rule::Of<Rule>& rule) {
    return may_have(reader, key, rule.types);
}
template <class Fields>
bool may_have(TableReader& reader, std::string_view, const rule::Of<rule::Within<Fields>>& rule) {
    const auto all = [&](const auto&... field) {
        return (static_cast<int>(may_have(reader, field.key, rule.types)) & ...) != 0;
    };
    return std::apply(all, rule.rule.fields);
}

// What the keys of one table must be together; the keys that it must not have.
template <class Section>
void finish(TableReader& reader, const Section&) {
    reader.finish();
}
void finish(TableReader&, const Config::Netlink&);
void finish(TableReader&, const Listen&);
void finish(TableReader&, Sink&);
void finish(TableReader&, const Sink::Auth&);
void finish(TableReader&, const Sink::Tls&);
void finish_within(TableReader&, const Secret&);

// Of a build without webhooks: each that the top level has is an error.
void refuse_webhooks(const TableReader&);

// What the tables of one list must be together.
void finish(TableReader&, const toml::array&, const std::vector<Listen>&);
void finish(TableReader&, const toml::array&, std::vector<Sink>&);

template <class Section, class Fields>
void read_fields(TableReader& reader, Section& section, const Fields& fields) {
    const auto one = [&](const auto& field) {
        if (may_have(reader, field.key, field.rule))
            read(reader, field.key, section.*field.member, field.rule);
    };
    std::apply([&](const auto&... field) { (one(field), ...); }, fields);
}

template <class Value, class Rule>
void read(TableReader& reader, std::string_view key, Value& value, const rule::Of<Rule>& rule) {
    read(reader, key, value, rule.rule);
}

template <class Section, class Fields>
void read(TableReader& reader, std::string_view, Section& section, const rule::Within<Fields>& rule) {
    read_fields(reader, section, rule.fields);
    finish_within(reader, section);
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
