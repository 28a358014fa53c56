#include "client/objects.hpp"

#include <nlohmann/json.hpp>

#include "failure.hpp"
#include "record/hex.hpp"
#include "record/safe_text.hpp"

namespace nlwatch::client {

using nlohmann::json;

namespace {

// A member's text, from its raw bytes where they are told.
std::string text_in(const json& object, const std::string& member) {
    if (const auto raw = record::bytes_of_hex(object.value(member + "_hex", std::string{}));
        raw && !raw->empty())
        return record::safe(*raw);
    const auto found = object.find(member);
    if (found == object.end()) return {};
    if (found->is_string()) return record::safe(found->get<std::string>());
    return found->is_number() ? found->dump() : std::string{};
}

std::string lower_of(const json& link) {
    std::string lower = text_in(link, "link");
    const std::string index = text_in(link, "link_index");
    if (lower.empty() && !index.empty() && index != "0") lower = "if" + index;  // in another namespace
    return lower;
}

LinkTexts read_link(const json& link) {
    LinkTexts texts;
    texts.ifindex = link.at("ifindex").get<std::uint32_t>();
    texts.name = text_in(link, "ifname");
    texts.state = text_in(link, "state");
    texts.reason = text_in(link, "state_reason");
    texts.kind = text_in(link, "link_kind");
    if (texts.kind.empty()) texts.kind = text_in(link, "link_type");
    texts.address = text_in(link, "address");
    texts.mtu = text_in(link, "mtu");
    texts.master = text_in(link, "master");
    texts.lower = lower_of(link);
    texts.alias = text_in(link, "ifalias");
    texts.carrier = link.value("carrier", false);
    return texts;
}

AddressTexts read_address(const json& address) {
    AddressTexts texts;
    texts.ifindex = address.at("ifindex").get<std::uint32_t>();
    texts.name = text_in(address, "ifname");
    texts.family = text_in(address, "family");
    texts.text = text_in(address, "local") + "/" + text_in(address, "prefixlen");
    if (const std::string peer = text_in(address, "address"); !peer.empty()) texts.text += " peer " + peer;
    texts.scope = text_in(address, "scope");
    texts.label = text_in(address, "label");
    if (texts.label == texts.name) texts.label.clear();
    texts.usable = address.value("usable", false);
    if (!texts.usable) texts.trouble = address.value("dadfailed", false) ? "duplicate" : "tentative";
    // Every flag is a member that is true; `usable` is nlwatch's own word.
    for (const auto& [name, value] : address.items())
        if (value.is_boolean() && value.get<bool>() && name != "usable" && name != "tentative" &&
            name != "dadfailed")
            texts.flags.push_back(record::safe(name));
    return texts;
}

template <class Read>
auto read_or_fail(std::string_view object, Read read) {
    try {
        return read(json::parse(object));
    } catch (const std::exception& error) {
        throw Failure{exit_code::failure, std::string{"the daemon tells of an object that cannot be read: "} +
                                              record::safe(error.what())};
    }
}

}  // namespace

LinkTexts link_texts(std::string_view object) { return read_or_fail(object, read_link); }
AddressTexts address_texts(std::string_view object) { return read_or_fail(object, read_address); }

}  // namespace nlwatch::client
