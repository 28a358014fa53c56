#include "record/text.hpp"

#include <algorithm>
#include <ctime>
#include <nlohmann/json.hpp>
#include <set>
#include <vector>

#include "record/hex.hpp"
#include "record/ink.hpp"
#include "record/safe_text.hpp"

namespace nlwatch::record {

using nlohmann::json;

namespace {

// A member's text, from its raw bytes where they are told.
std::string name_in(const json& object, const std::string& member) {
    if (const auto raw = object.find(member + "_hex"); raw != object.end() && raw->is_string())
        return safe(bytes_of_hex(raw->get<std::string>()).value_or(""));
    const auto text = object.find(member);
    return text != object.end() && text->is_string() ? safe(text->get<std::string>()) : std::string{};
}

std::string value_text(const json& value) {
    if (value.is_null()) return "none";
    if (value.is_string()) return safe(value.get<std::string>());
    if (value.is_boolean()) return value.get<bool>() ? "yes" : "no";
    return safe(value.dump(-1, ' ', false, json::error_handler_t::replace));
}

std::string padded(std::string text, std::size_t width) {
    // Columns are counted in characters: continuation bytes take no room.
    std::size_t characters = 0;
    for (const char c : text) characters += (static_cast<unsigned char>(c) & 0xc0) != 0x80;
    if (characters < width) text.append(width - characters, ' ');
    return text;
}

// The time of day of "2026-11-24T13:20:31.123456Z", here.
std::string time_of_day(const std::string& utc) {
    const std::string_view shape = "0000-00-00T00:00:00.000000Z";
    const auto fits = [](char c, char as) { return as == '0' ? c >= '0' && c <= '9' : c == as; };
    if (!std::equal(utc.begin(), utc.end(), shape.begin(), shape.end(), fits)) return {};
    const auto number = [&](std::size_t at, std::size_t digits) { return std::stoi(utc.substr(at, digits)); };
    std::tm tm{};
    tm.tm_year = number(0, 4) - 1900;
    tm.tm_mon = number(5, 2) - 1;
    tm.tm_mday = number(8, 2);
    tm.tm_hour = number(11, 2);
    tm.tm_min = number(14, 2);
    tm.tm_sec = number(17, 2);
    const std::time_t time = ::timegm(&tm);
    std::tm local{};
    ::localtime_r(&time, &local);
    char text[32];
    const std::size_t length = std::strftime(text, sizeof text, "%H:%M:%S", &local);
    return std::string{text, length} + utc.substr(19, 4);
}

class Details {
public:
    explicit Details(const TextStyle& style) : style_(style) {}

    void add(const std::string& text, Ink ink = Ink::plain) {
        if (text.empty()) return;
        if (!text_.empty()) text_ += ", ";
        text_ += inked(text, ink, style_.colour);
    }
    void step(const std::string& what, const std::string& from, const std::string& to, Ink ink = Ink::plain) {
        add(what + " " + from + " -> " + to, ink);
    }
    const std::string& text() const { return text_; }

private:
    const TextStyle& style_;
    std::string text_;
};

bool has(const json& record, const char* transition) {
    const auto& told = record.at("transitions");
    return std::find(told.begin(), told.end(), transition) != told.end();
}

std::string state_in(const json& link) {
    const std::string reason = name_in(link, "state_reason");
    const std::string state = name_in(link, "state");
    return reason.empty() ? state : state + " (" + reason + ")";
}

Ink ink_of_state(const json& link) { return link.value("state", "") == "up" ? Ink::good : Ink::bad; }

void describe_link(const json& link, Details& details) {
    details.add(state_in(link), ink_of_state(link));
    if (const auto info = link.find("linkinfo"); info != link.end()) details.add(name_in(*info, "info_kind"));
    if (const std::string address = name_in(link, "address"); !address.empty()) details.add(address);
    details.add("mtu " + value_text(link.value("mtu", json{})));
    if (const std::string master = name_in(link, "master"); !master.empty()) details.add("master " + master);
}

std::string address_text(const json& address) {
    std::string text = name_in(address, "local") + "/" + value_text(address.value("prefixlen", json{}));
    if (const std::string peer = name_in(address, "address"); !peer.empty()) text += " peer " + peer;
    return text;
}

void describe_address(const json& address, Details& details) {
    const bool usable = address.value("usable", false);
    details.add(usable                              ? "usable"
                : address.value("dadfailed", false) ? "duplicate"
                                                    : "tentative",
                usable ? Ink::good : Ink::bad);
    details.add("scope " + name_in(address, "scope"));
    for (const char* flag : {"deprecated", "temporary", "secondary", "dynamic"})
        if (address.value(flag, false)) details.add(flag);
}

// A list's elements as texts, from their raw bytes where they are told.
std::vector<std::string> texts_in(const json& object, const std::string& member) {
    std::vector<std::string> texts;
    if (const auto raw = object.find(member + "_hex"); raw != object.end() && raw->is_array())
        for (const json& digits : *raw)
            texts.push_back(safe(bytes_of_hex(digits.get<std::string>()).value_or("")));
    else if (const auto list = object.find(member); list != object.end() && list->is_array())
        for (const json& element : *list) texts.push_back(value_text(element));
    return texts;
}

// Lists of words: what came and what went.
void describe_list(const std::string& member, const std::vector<std::string>& was,
                   const std::vector<std::string>& is, Details& details) {
    std::string text;
    const auto note = [&](const std::string& word, const std::vector<std::string>& others, char sign) {
        static const std::set<std::string> covered{"UP", "LOWER_UP", "NO-CARRIER"};  // by the state
        if (covered.contains(word) || std::find(others.begin(), others.end(), word) != others.end()) return;
        text += std::string{" "} + sign + word;
    };
    for (const std::string& word : was) note(word, is, '-');
    for (const std::string& word : is) note(word, was, '+');
    if (!text.empty()) details.add(safe(member) + text);
}

void describe_nested(const std::string& path, const json& before, const json& after, Details& details) {
    std::set<std::string> members;
    for (const auto& [name, value] : before.items()) members.insert(name);
    for (const auto& [name, value] : after.items()) members.insert(name);
    for (const std::string& name : members) {
        const json was = before.value(name, json{}), is = after.value(name, json{});
        if (was == is) continue;
        const std::string member = path + " " + safe(name);
        if (was.is_object() && is.is_object())
            describe_nested(path, was, is, details);
        else if (was.is_object() || is.is_object())
            details.add(member + (is.is_object() ? " set" : " gone"));
        else
            details.step(member, value_text(was), value_text(is));
    }
}

// The object before the change; null is what was absent.
json old_object(const json& record) {
    json was = record.at("object");
    was.update(record.value("before", json::object()));
    return was;
}

// The members that changed; one of which only the raw bytes did, too.
std::set<std::string> changed_members(const json& record) {
    std::set<std::string> members;
    const json before = record.value("before", json::object());
    for (const auto& [name, value] : before.items())
        members.insert(name.ends_with("_hex") ? name.substr(0, name.size() - 4) : name);
    return members;
}

void describe_changes(const json& record, Details& details) {
    const json &after = record.at("object"), before = old_object(record);
    for (const std::string& name : changed_members(record)) {
        static const std::set<std::string> covered{"carrier", "state", "operstate", "state_reason", "usable"};
        if (covered.contains(name)) continue;
        const json was = before.value(name, json{}), is = after.value(name, json{});
        if (was.is_array() || is.is_array())
            describe_list(name, texts_in(before, name), texts_in(after, name), details);
        else if (was.is_object() && is.is_object())
            describe_nested(safe(name), was, is, details);
        else if (was.is_boolean() || is.is_boolean())
            details.add((is.is_boolean() && is.get<bool>() ? "" : "no longer ") + safe(name));
        else
            details.step(safe(name), was.is_string() ? name_in(before, name) : value_text(was),
                         is.is_string() ? name_in(after, name) : value_text(is));
    }
}

void describe_edges(const json& record, Details& details) {
    if (record.at("type").get_ref<const std::string&>().starts_with("address")) {
        if (has(record, "usable")) details.add("usable", Ink::good);
        if (has(record, "unusable")) details.add("unusable", Ink::bad);
        if (has(record, "dad_failed")) details.add("duplicate address", Ink::bad);
        return;
    }
    const json& object = record.at("object");
    const json was = old_object(record);
    if (state_in(was) != state_in(object))
        details.step("state", state_in(was), state_in(object), ink_of_state(object));
    if (has(record, "carrier_up")) details.add("carrier up", Ink::good);
    if (has(record, "carrier_down")) details.add("carrier down", Ink::bad);
}

std::string object_line(const json& record, const TextStyle& style) {
    const std::string& type = record.at("type").get_ref<const std::string&>();
    const json& object = record.at("object");
    const bool link = type.starts_with("link.");
    const std::string op = type.substr(type.find('.') + 1);
    Details details{style};
    if (!link) details.add(address_text(object));
    if (op == "changed") {
        describe_edges(record, details);
        describe_changes(record, details);
        if (const auto missed = record.find("missed"); missed != record.end())
            details.add("unseen: carrier up " + value_text(missed->at("carrier_up")) + " times, down " +
                            value_text(missed->at("carrier_down")) + " times",
                        Ink::note);
    } else {
        link ? describe_link(object, details) : describe_address(object, details);
    }
    if (const std::string reason = name_in(record, "reason"); op == "removed" && reason != "deleted")
        details.add(reason);
    const std::string origin = name_in(record, "origin");
    if (origin != "live" && origin != "derived" && origin != "snapshot")
        details.add("learnt by " + origin, Ink::note);
    const Ink ink = op == "added" ? Ink::good : op == "removed" ? Ink::bad : Ink::note;
    return padded(name_in(object, "ifname"), 15) + "  " + padded(link ? "link" : "address", 7) + "  " +
           inked(padded(op, 7), ink, style.colour) + "  " + details.text();
}

std::string lost_text(const json& record) {
    const json lost = record.value("lost", json{});
    return lost.is_null() ? "an unknown number of messages" : value_text(lost) + " messages";
}

std::string own_line(const json& record) {
    const std::string& type = record.at("type").get_ref<const std::string&>();
    if (type == "resync.begin")
        return "lost " + lost_text(record) + " of the kernel's (" + name_in(record, "cause") +
               "): looking again";
    if (type == "resync.end") {
        const json& repaired = record.at("repaired");
        return "in step with the kernel again: " + value_text(repaired.at("added")) + " added, " +
               value_text(repaired.at("changed")) + " changed, " + value_text(repaired.at("removed")) +
               " removed";
    }
    if (type == "gap") {
        const std::string from = record.contains("from") ? " from " + value_text(record["from"]) : "";
        return "records are missing" + from + " to " + value_text(record.at("to")) + " (" +
               name_in(record, "reason") + ")";
    }
    if (type == "reload") return "the daemon publishes by another filter now";
    if (type == "snapshot.end") {
        std::string text = "that is all there is";
        for (const auto& [kind, count] : record.at("counts").items())
            text += (text.ends_with("is") ? ": " : ", ") + value_text(count) + " of kind " + safe(kind);
        return text + (record.value("settled", false) ? "" : "; not certain yet");
    }
    if (type == "error") return name_in(record, "message");
    return {};
}

}  // namespace

std::string text_of(std::string_view line, const TextStyle& style) {
    try {
        const json record = json::parse(line);
        std::string text = record.contains("object") ? object_line(record, style) : own_line(record);
        if (text.empty()) return {};
        if (!record.contains("object")) text = inked("-- " + text, Ink::note, style.colour);
        if (!style.time) return text;
        return inked(padded(time_of_day(record.value("time", "")), 12), Ink::dim, style.colour) + "  " + text;
    } catch (const std::exception&) {
        return {};  // no record of ours
    }
}

}  // namespace nlwatch::record
