#include "record/cloud_event.hpp"

#include <algorithm>
#include <cstdio>

#include "record/json_writer.hpp"

namespace nlwatch::record {

namespace {

constexpr std::string_view hex_digits = "0123456789abcdefABCDEF";

// Of a record, as it stands there: JSON strings, without their quotes. Empty: it has none.
struct Repeated {
    std::string_view type, time, key;
};

// Behind the string that begins at `at`.
std::size_t end_of_string(std::string_view line, std::size_t at) {
    for (++at; at < line.size() && line[at] != '"'; ++at)
        if (line[at] == '\\') ++at;
    return std::min(at + 1, line.size());
}

// All that the envelope repeats stands in front of the first member that has members of its own, so nothing
// that a user has named (tags, the object) is ever looked into.
Repeated repeated(std::string_view line) {
    Repeated found;
    std::size_t at = 1;
    while (at < line.size() && line[at] == '"') {
        const std::size_t name_end = end_of_string(line, at);
        const std::string_view name = line.substr(at + 1, name_end - at - 2);
        at = name_end + 1;
        if (at >= line.size() || line[at] == '{' || line[at] == '[') break;
        const std::size_t end =
            line[at] == '"' ? end_of_string(line, at) : std::min(line.find_first_of(",}", at), line.size());
        const std::string_view value = line.substr(at, end - at);
        const auto keep = [&](std::string_view wanted, std::string_view& where) {
            if (name == wanted && value.size() > 2) where = value.substr(1, value.size() - 2);
        };
        keep("type", found.type);
        keep("time", found.time);
        keep("key", found.key);
        at = end + 1;
    }
    return found;
}

// RFC 3986: all but its unreserved characters.
std::string percent_encoded(std::string_view text) {
    std::string out;
    for (const char byte : text) {
        const bool letter_or_digit =
            (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9');
        if (letter_or_digit || std::string_view{"-._~"}.find(byte) != std::string_view::npos) {
            out += byte;
        } else {
            char escape[4];
            std::snprintf(escape, sizeof escape, "%%%02X",
                          static_cast<unsigned>(static_cast<unsigned char>(byte)));
            out += escape;
        }
    }
    return out;
}

}  // namespace

std::string cloud_event_source(const Identity& identity) {
    const std::string_view id = identity.host_id;
    if (id.size() != 32 || id.find_first_not_of(hex_digits) != std::string_view::npos)
        return "urn:nlwatch:" + percent_encoded(identity.host_name);
    std::string uuid(id);
    for (const std::size_t hyphen : {8u, 13u, 18u, 23u}) uuid.insert(hyphen, 1, '-');
    return "urn:uuid:" + uuid;
}

std::string event_id(std::string_view type, Position position, std::optional<std::uint64_t> row) {
    std::string id = run_text(position.run) + "-" + std::to_string(position.seq);
    if (type == "gap") return id + "-gap";
    return row ? id + "-" + std::to_string(*row) : id;
}

void append_cloud_event(std::string& out, const Envelope& envelope, std::string_view id,
                        std::string_view line, std::uint64_t seq) {
    if (line.ends_with('\n')) line.remove_suffix(1);
    const Repeated its = repeated(line);
    char sequence[21];
    std::snprintf(sequence, sizeof sequence, "%020llu", static_cast<unsigned long long>(seq));

    out += R"({"specversion":"1.0","id":)";
    JsonWriter{out}.text(id);
    out += R"(,"source":)";
    JsonWriter{out}.text(envelope.source);
    out += R"(,"type":)";
    JsonWriter{out}.text(envelope.type_prefix + std::string(its.type));
    if (!its.key.empty()) out.append(R"(,"subject":")").append(its.key) += '"';
    if (!its.time.empty()) out.append(R"(,"time":")").append(its.time) += '"';
    out += R"(,"datacontenttype":"application/json","dataschema":"urn:nlwatch:schema:record:1","sequence":")";
    out += sequence;
    out += R"(","data":)";
    out += line;
    out += '}';
}

}  // namespace nlwatch::record
