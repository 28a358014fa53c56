#include "record/reader.hpp"

#include <charconv>
#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace nlwatch::record {

namespace {

using nlohmann::json;

// Where a value ends that begins at `at`, in a text that is JSON.
std::size_t end_of_value(std::string_view text, std::size_t at) {
    int depth = 0;
    bool quoted = false;
    for (; at < text.size(); ++at) {
        const char c = text[at];
        if (quoted) {
            if (c == '\\') ++at;
            quoted = c != '"';
        } else if (c == '"') {
            quoted = true;
        } else if (c == '{' || c == '[') {
            ++depth;
        } else if (c == '}' || c == ']') {
            if (depth-- == 0) return at;
        } else if (c == ',' && depth == 0) {
            return at;
        }
    }
    return at;
}

// An object's members as they stand in its text, which must be JSON: names with their quotes, and values.
using Members = std::map<std::string_view, std::string_view>;
Members members_of(std::string_view text) {
    constexpr std::string_view space = " \t\r\n";
    Members members;
    std::size_t at = text.find_first_not_of(space, text.find('{') + 1);
    while (text[at] == '"') {
        std::size_t end = at + 1;
        while (text[end] != '"') end += text[end] == '\\' ? 2 : 1;
        const std::string_view name = text.substr(at, end + 1 - at);
        at = text.find_first_not_of(space, text.find(':', end) + 1);
        end = end_of_value(text, at);
        members[name] = text.substr(at, text.find_last_not_of(space, end - 1) + 1 - at);
        if (text[end] == '}') break;
        at = text.find_first_not_of(space, end + 1);
    }
    return members;
}

class RecordReader {
public:
    explicit RecordReader(std::string_view object) : members_(members_of(object)) {}

    // Each leaves its target alone where there is no such member.
    void read(const char* name, std::string& text) const { read_as(name, "a text", text); }
    void read(const char* name, std::vector<std::string>& words) const {
        read_as(name, "a list of words", words);
    }
    void read(const char* name, std::optional<std::uint64_t>& number) const {
        const std::string_view* text = find(name);
        if (!text) return;
        const json value = json::parse(*text);
        if (!value.is_number_unsigned()) throw std::runtime_error(std::string{name} + " is not a number");
        number = value.get<std::uint64_t>();
    }
    void read_object(const char* name, std::string& text) const {
        const std::string_view* found = find(name);
        if (!found) return;
        if (!found->starts_with('{')) throw std::runtime_error(std::string{name} + " is not an object");
        text = *found;
    }
    // … and this one must be there.
    std::uint64_t number(const char* name) const {
        std::optional<std::uint64_t> found;
        read(name, found);
        if (!found) throw std::runtime_error("it has no " + std::string{name});
        return *found;
    }

private:
    const std::string_view* find(const char* name) const {
        const auto found = members_.find('"' + std::string{name} + '"');
        return found == members_.end() ? nullptr : &found->second;
    }
    template <class T>
    void read_as(const char* name, const char* what, T& target) const {
        if (const std::string_view* text = find(name)) try {
                json::parse(*text).get_to(target);
            } catch (const json::exception&) {
                throw std::runtime_error(std::string{name} + " is not " + what);
            }
    }

    Members members_;
};

std::uint64_t number_of_run(const std::string& text) {
    std::uint64_t run{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), run, 16);
    if (text.size() != 16 || error != std::errc{} || end != text.data() + text.size())
        throw std::runtime_error("run is not 16 hexadecimal digits");
    return run;
}

Record read(std::string_view line) {
    const RecordReader reader{line};
    Record record;
    std::string run;
    reader.read("type", record.type);
    if (record.type.empty()) throw std::runtime_error("it has no type");
    if (record.type == "error") {
        std::string message = "an error";
        reader.read("message", message);
        throw std::runtime_error(message);
    }
    if (const std::uint64_t schema = reader.number("schema"); schema != 1)
        throw std::runtime_error("it is of schema " + std::to_string(schema) + ", not 1");
    reader.read("run", run);
    record.run = number_of_run(run);
    record.seq = reader.number("seq");
    reader.read("time", record.time);
    reader.read("not_before", record.not_before);
    reader.read("monotonic_us", record.monotonic_us);
    reader.read("key", record.key);
    reader.read("origin", record.origin);
    reader.read("reason", record.reason);
    if (!record.key.empty()) reader.read("netns", record.netns);  // in a hello it is an object
    reader.read("transitions", record.transitions);
    reader.read_object("object", record.object);
    reader.read_object("before", record.before);
    std::string missed;
    reader.read_object("missed", missed);
    if (!missed.empty()) {
        const RecordReader counts{missed};
        record.missed = {counts.number("carrier_up"), counts.number("carrier_down")};
    }
    return record;
}

}  // namespace

std::variant<Record, ReadError> read_record(std::string_view line) {
    if (!json::accept(line)) return ReadError{"it is no JSON"};
    if (line.find_first_not_of(" \t\r\n") != line.find('{')) return ReadError{"it is no object"};
    try {
        return read(line);
    } catch (const std::exception& error) {
        return ReadError{error.what()};
    }
}

}  // namespace nlwatch::record
