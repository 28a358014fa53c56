// Reads a line of the stream: what every record has, and of object records all but the object itself.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "record/object_reader.hpp"

namespace nlwatch::record {

// Words stay text, as types, origins, reasons and transitions are open: a reader skips those that it does not
// know. What a type does not have is empty.
struct Record {
    std::string type;
    std::uint64_t run{}, seq{};
    std::string time, not_before;  // as they stand there: "2026-11-24T13:20:31.123456Z"
    std::optional<std::uint64_t> monotonic_us;
    std::string key, origin, reason;
    std::optional<std::uint64_t> netns;  // cookie
    std::vector<std::string> transitions;
    struct Missed {
        std::uint64_t carrier_ups{}, carrier_downs{};
    };
    std::optional<Missed> missed;
    // JSON text, byte for byte as it stands in the line.
    std::string object, before;

    // An object record's type is <kind>.<op>.
    std::string_view kind() const { return std::string_view{type}.substr(0, type.rfind('.')); }
    std::string_view op() const { return std::string_view{type}.substr(type.rfind('.') + 1); }
};

// One line, with or without its '\n'. What is no record is an error, and so is a line of type `error`, with
// the message that it brings. Never throws.
std::variant<Record, ReadError> read_record(std::string_view line);

}  // namespace nlwatch::record
