// Any bytes as a stream of lines: each is read or refused, in words, and what a person would be shown of it
// can do a terminal no harm. An object that reads is written and read again the same.
#include <cstdint>
#include <cstdlib>

#include "record/object_writer.hpp"
#include "record/reader.hpp"
#include "record/text.hpp"

namespace {

using namespace nlwatch;

void require(bool holds) {
    if (!holds) std::abort();
}

std::string written(const state::Row& row) {
    std::string text;
    record::write_object(text, row);
    return text;
}

void check_object(rtnl::Kind kind, std::string_view object) {
    const auto read = record::read_object(kind, object);
    if (const auto* error = std::get_if<record::ReadError>(&read)) return require(!error->what.empty());
    // What stood there may say less or otherwise than we would; what we make of it stays what it is.
    const std::string once = written(std::get<state::Row>(read));
    const auto again = record::read_object(kind, once);
    require(std::holds_alternative<state::Row>(again) && written(std::get<state::Row>(again)) == once);
}

void check_line(std::string_view line) {
    for (const bool time : {false, true}) {
        const std::string text = record::text_of(line, {.time = time, .colour = false});
        for (const char c : text) require(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
    }
    const auto read = record::read_record(line);
    if (const auto* record = std::get_if<record::Record>(&read)) {
        require(!record->type.empty());
        if (record->kind() == "link") check_object(rtnl::Kind::link, record->object);
        if (record->kind() == "address") check_object(rtnl::Kind::address, record->object);
    }
    check_object(rtnl::Kind::link, line);
    check_object(rtnl::Kind::address, line);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view rest{reinterpret_cast<const char*>(data), size};
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        check_line(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return 0;
}
