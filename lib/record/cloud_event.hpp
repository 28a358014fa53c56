// A record as an event of CloudEvents 1.0, in its JSON format (https://github.com/cloudevents/spec, v1.0.2).
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "record/renderer.hpp"

namespace nlwatch::record {

// What all events of one sink have in common.
struct Envelope {
    std::string source;  // a URI, as cloud_event_source() makes it
    std::string type_prefix = "nlwatch.";
};

// The URN of who speaks: urn:uuid:… of host_id, or urn:nlwatch:<host name> where there is none.
std::string cloud_event_source(const Identity&);

// What receivers know an event again by; the same however often it is sent. <run>-<seq>; of a gap
// <run>-<to>-gap, since the record behind which it is told may have been sent; within a snapshot
// <run>-<seq>-<row>: snapshot.begin is row 0, the objects count from 1, snapshot.end follows on the last.
std::string event_id(std::string_view type, Position, std::optional<std::uint64_t> row);

// Appends one JSON object, without a '\n'. `line` is one that a Renderer wrote, border_line() included; its
// bytes become `data` as they are. `id` and the envelope may be any bytes. `seq` is the line's position's.
void append_cloud_event(std::string& out, const Envelope&, std::string_view id, std::string_view line,
                        std::uint64_t seq);

}  // namespace nlwatch::record
