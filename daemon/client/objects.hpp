// Objects of the stream as texts for people: what tables and sentences show of them.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace nlwatch::client {

// All texts can be printed: names of any bytes are made safe (record/safe_text.hpp). Empty: the object does
// not say.
struct LinkTexts {
    std::uint32_t ifindex{};
    std::string name, state, reason;  // "up"; "down" and "no_carrier"
    std::string kind;                 // "veth"; of hardware and lo their link type: "ether", "loopback"
    std::string address, mtu, master;
    std::string lower;  // the link that it is on, or is paired with
    std::string alias;
    bool carrier{};
};

struct AddressTexts {
    std::uint32_t ifindex{};
    std::string name;  // of its link
    std::string family;
    std::string text;  // "192.0.2.1/24", "10.0.0.1/32 peer 10.0.0.2"
    std::string scope;
    std::string label;  // if it is another than the link's name
    bool usable{};
    std::string trouble;             // why it is not usable: "duplicate", "tentative"
    std::vector<std::string> flags;  // "dynamic", "deprecated", …
};

// `object`: the JSON text of a record's `object`. Throws Failure if it is none.
LinkTexts link_texts(std::string_view object);
AddressTexts address_texts(std::string_view object);

}  // namespace nlwatch::client
