#include "record/object_reader.hpp"

#include <arpa/inet.h>
#include <linux/if_arp.h>

#include <charconv>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

#include "record/address_fields.hpp"
#include "record/hex.hpp"
#include "record/link_fields.hpp"

namespace nlwatch::record {

namespace {

using nlohmann::json;
using rtnl::HardwareAddress;
using rtnl::IpAddress;

// Leaves this file as a ReadError only.
struct Unreadable : std::runtime_error {
    using runtime_error::runtime_error;
};

// What all readers of one object share.
struct Reading {
    std::vector<state::MentionedName> mentioned;
    std::vector<std::string> path;  // of the member that is being read
};

std::uint64_t number_in(std::string_view digits, int base) {
    std::uint64_t number{};
    const char* const end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, number, base);
    if (error != std::errc{} || stop != end) throw Unreadable{"is no number"};
    return number;
}

template <class T>
void assign(T& target, std::uint64_t number) {
    if (!std::in_range<T>(number)) throw Unreadable{"is out of range"};
    target = static_cast<T>(number);
}
template <class T>
void assign(std::optional<T>& target, std::uint64_t number) {
    assign(target.emplace(), number);
}

const std::string& text_in(const json& value) {
    if (!value.is_string()) throw Unreadable{"is no text"};
    return value.get_ref<const std::string&>();
}

// "5a:f5:3d:5e:57:e1"; iproute2 writes a byte of a bridge's id with one digit where that is enough.
std::vector<std::uint8_t> colon_bytes(std::string_view text) {
    std::vector<std::uint8_t> bytes;
    for (std::size_t begin = 0; !text.empty() && begin <= text.size();) {
        const std::size_t end = std::min(text.find(':', begin), text.size());
        assign(bytes.emplace_back(), number_in(text.substr(begin, end - begin), 16));
        begin = end + 1;
    }
    return bytes;
}

std::string raw_bytes_in(const json& value) {
    const std::string& digits = text_in(value);
    if (digits.size() % 2 != 0) throw Unreadable{"ends within a byte"};
    std::optional<std::string> bytes = bytes_of_hex(digits);
    if (!bytes) throw Unreadable{"is no number"};
    return *std::move(bytes);
}

bool read_ip(const std::string& text, std::uint8_t family, std::uint8_t* bytes) {
    return ::inet_pton(family, text.c_str(), bytes) == 1;
}

std::vector<std::string> texts_in(const json& value) {
    if (!value.is_array()) throw Unreadable{"is no list"};
    std::vector<std::string> texts;
    for (const json& element : value) texts.push_back(text_in(element));
    return texts;
}

// A word each, and what has none as one hexadecimal number.
std::uint32_t bits_in(const std::vector<std::string>& texts, Words words) {
    std::uint32_t bits = 0, rest = 0;
    for (const std::string_view text : texts) {
        const auto known = number_of(words, text);
        if (!known && !text.starts_with("0x")) throw Unreadable{"has an unknown word"};
        if (!known) assign(rest, number_in(text.substr(2), 16));
        bits |= known.value_or(rest);
    }
    return bits;
}

// The data that belong to a kind, as rtnl::decode() has them.
rtnl::LinkData data_of(std::string_view kind) {
    if (kind == "bridge") return rtnl::Boxed<rtnl::Bridge>{};
    if (kind == "bond") return rtnl::Boxed<rtnl::Bond>{};
    if (kind == "vxlan") return rtnl::Boxed<rtnl::Vxlan>{};
    if (kind == "macvlan" || kind == "macvtap") return rtnl::Macvlan{};
    if (kind == "vlan") return rtnl::Vlan{};
    if (kind == "vrf") return rtnl::Vrf{};
    if (kind == "tun") return rtnl::Tun{};
    return {};
}
rtnl::PortData port_data_of(std::string_view kind) {
    if (kind == "bridge") return rtnl::Boxed<rtnl::BridgePort>{};
    if (kind == "bond") return rtnl::Boxed<rtnl::BondPort>{};
    if (kind == "vrf") return rtnl::VrfPort{};
    return {};
}

class ObjectReader {
public:
    ObjectReader(const json& object, Reading& reading) : object_(object), reading_(reading) {
        if (!object.is_object()) throw Unreadable{"is no object"};
    }

    template <class T>
    void operator()(const char* name, T&& value) {
        when(true, name, std::forward<T>(value));
    }
    // Whether a member is there says the text itself.
    template <class T>
    void when(bool, const char* name, T&& value) {
        if constexpr (any_bytes<std::remove_cvref_t<T>>) {
            const std::string hex_name = std::string{name} + "_hex";
            if (object_.contains(hex_name))
                return member(hex_name, [&](const json& raw) { read_raw(raw, value); });
        }
        member(name, [&](const json& found) { read(found, value); });
    }
    template <class T>
    void derived(const char*, const T&) {}

    void bit(const char* name, std::uint32_t& bits, std::uint32_t bit) {
        bool set = false;
        when(true, name, set);
        if (set) bits |= bit;
    }
    void bit_unless(const char* name, std::uint32_t& bits, std::uint32_t bit) {
        bool unset = false;
        when(true, name, unset);
        if (!unset) bits |= bit;
    }
    void one_of(std::initializer_list<const char*> names, int, IpAddress& address) {
        for (const char* name : names)
            if (name) when(true, name, address);
    }
    template <class Fields>
    void object(const char* name, Fields&& fields) {
        member(name, [&](const json& found) {
            ObjectReader inner{found, reading_};
            fields(inner);
        });
    }

private:
    template <class Read>
    void member(const std::string& name, Read&& read_value) {
        const auto found = object_.find(name);
        if (found == object_.end()) return;
        reading_.path.push_back(name);
        read_value(*found);
        reading_.path.pop_back();
    }

    static void read(const json& value, bool& flag) {
        if (!value.is_boolean()) throw Unreadable{"is neither true nor false"};
        flag = value.get<bool>();
    }
    template <std::integral T>
    void read(const json& value, T& number) {
        if (value.is_number_unsigned())
            assign(number, value.get<std::uint64_t>());
        else if (value.is_number_integer() && std::in_range<T>(value.get<std::int64_t>()))
            number = static_cast<T>(value.get<std::int64_t>());
        else
            throw Unreadable{value.is_number_integer() ? "is out of range" : "is no number"};
    }
    template <class T>
    void read(const json& value, std::optional<T>& target) {
        read(value, target.emplace());
    }
    template <class T>
    void read(const json& value, std::vector<T>& list) {
        if (!value.is_array()) throw Unreadable{"is no list"};
        for (const json& element : value) read(element, list.emplace_back());
    }
    template <class T>
    void read(const json& value, T& text) requires(any_bytes<T>) {
        set_text(text, text_in(value));
    }
    void read(const json& value, std::vector<std::string>& texts) { texts = texts_in(value); }
    template <class T>
    void read_raw(const json& value, T& text) {
        set_text(text, raw_bytes_in(value));
    }
    void read_raw(const json& value, std::vector<std::string>& texts) {
        if (!value.is_array()) throw Unreadable{"is no list"};
        for (const json& element : value) texts.push_back(raw_bytes_in(element));
    }

    static void set_text(std::string& target, std::string_view text) { target = text; }
    template <std::size_t N>
    static void set_text(rtnl::FixedString<N>& target, std::string_view text) {
        if (text.size() >= N || text.find('\0') != text.npos) throw Unreadable{"is no name"};
        target = text;
    }
    template <class T>
    void set_text(LinkName<T>& target, std::string_view text) {
        rtnl::Name name;
        set_text(name, text);
        if (name.empty()) throw Unreadable{"is no name"};
        auto& mentioned = reading_.mentioned;
        auto known = std::find_if(mentioned.begin(), mentioned.end(),
                                  [&](const state::MentionedName& link) { return link.name == name; });
        if (known == mentioned.end())
            known = mentioned.insert(
                known, {first_made_up_index + static_cast<std::uint32_t>(mentioned.size()), name});
        target.ifindex = known->ifindex;
    }

    static void read(const json& value, IpAddress& address) {
        const std::string& text = text_in(value);
        address.family = text.find(':') == text.npos ? AF_INET : AF_INET6;
        if (!read_ip(text, address.family, address.bytes.data())) throw Unreadable{"is no IP address"};
    }
    template <class Bytes>
    static void set_bytes(HardwareAddress& address, const Bytes& bytes) {
        if (!address.assign(std::as_bytes(std::span{bytes}))) throw Unreadable{"is too long"};
    }
    static void read(const json& value, HardwareAddress& address) {
        set_bytes(address, colon_bytes(text_in(value)));
    }

    template <class T>
    void read(const json& value, IfSet<T>& target) {
        read(value, target.value);
    }
    template <class T>
    static void read(const json& value, Word<T>& target) {
        const std::string& text = text_in(value);
        const auto number = number_of(target.words, text);
        assign(target.number, number ? *number : number_in(text, 10));
    }
    template <class T>
    static void read(const json& value, LinkType<T>& target) {
        std::string_view text = text_in(value);
        const auto number = number_of(words::link_type, text);
        if (!number && text.size() > 2 && text.front() == '[' && text.back() == ']')
            text = text.substr(1, text.size() - 2);
        assign(target.number, number ? *number : number_in(text, 10));
    }
    template <class T>
    static void read(const json& value, HexNumber<T>& target) {
        std::string_view text = text_in(value);
        if (text.starts_with("0x")) text.remove_prefix(2);
        assign(target.number, number_in(text, 16));
    }
    template <class T>
    static void read(const json& value, WordSet<T>& target) {
        assign(target.bits, bits_in(texts_in(value), target.words));
    }
    template <class T>
    static void read(const json& value, LinkFlags<T>& target) {
        auto words = texts_in(value);
        const bool carrier = std::erase(words, "NO-CARRIER") == 0;
        target.bits = bits_in(words, words::link_flags);
        if ((target.bits & IFF_UP) && carrier) target.bits |= IFF_RUNNING;
    }
    template <class T>
    static void read(const json& value, BitNumbers<T>& target) {
        for (const std::string& text : texts_in(value)) {
            const std::uint64_t bit = number_in(text, 10);
            if (bit >= 32) throw Unreadable{"is out of range"};
            target.bits |= T{1} << bit;
        }
    }
    template <class T>
    static void read(const json& value, HexBytes<T>& target) {
        set_bytes(target.bytes, raw_bytes_in(value));
    }
    // By the type's notation first: of a tunnel over IPv6, "10:20:30:40:50:60:70:80" is an IPv6 address.
    template <class T>
    static void read(const json& value, LinkAddress<T>& target) {
        HardwareAddress& address = target.address;
        const auto read_as = [&](std::uint8_t family, std::uint8_t length) {
            if (!read_ip(text_in(value), family, address.bytes.data())) return false;
            address.length = length;
            return true;
        };
        const std::uint16_t type = target.type;
        if ((type == ARPHRD_TUNNEL || type == ARPHRD_SIT || type == ARPHRD_IPGRE) && read_as(AF_INET, 4))
            return;
        if ((type == ARPHRD_TUNNEL6 || type == ARPHRD_IP6GRE) && read_as(AF_INET6, 16)) return;
        read(value, address);
    }
    template <class T>
    static void read(const json& value, FlagNumber<T>& target) {
        if (value != 0 && value != 1) throw Unreadable{"is neither 0 nor 1"};
        target.flag = value == 1;
    }
    template <class T>
    static void read(const json& value, BridgeIdText<T>& target) {
        const std::string_view text = text_in(value);
        if (text.size() < 5 || text[4] != '.') throw Unreadable{"is no bridge's id"};
        assign(target.id.priority, number_in(text.substr(0, 4), 16));
        const auto bytes = colon_bytes(text.substr(5));
        if (bytes.size() != target.id.address.size()) throw Unreadable{"is no bridge's id"};
        std::copy(bytes.begin(), bytes.end(), target.id.address.begin());
    }
    // What has a field list of its own.
    template <class T>
    requires(std::is_class_v<T> && !any_bytes<T>) void read(const json& value, T& data) {
        ObjectReader inner{value, reading_};
        visit_fields(inner, data);
    }
    void read(const json& value, rtnl::LinkInfo& info) {
        ObjectReader inner{value, reading_};
        inner("info_kind", info.kind);
        info.data = data_of(info.kind);
        inner.data("info_data", info.data);
        inner("info_slave_kind", info.port_kind);
        info.port_data = port_data_of(info.port_kind);
        inner.data("info_slave_data", info.port_data);
    }
    template <class... Kinds>
    void data(const char* name, std::variant<Kinds...>& data) {
        if (!object_.contains(name)) data = std::monostate{};
        std::visit([&](auto& value) { read_data(name, value); }, data);
    }
    void read_data(const char*, std::monostate) {}
    template <class T>
    void read_data(const char* name, rtnl::Boxed<T>& boxed) {
        T value;
        when(true, name, value);
        boxed = rtnl::Boxed<T>{std::move(value)};
    }
    template <class T>
    void read_data(const char* name, T& value) {
        when(true, name, value);
    }

    const json& object_;
    Reading& reading_;
};

state::Row read_link(const json& object, Reading& reading) {
    state::Row row;
    rtnl::Link link;
    ObjectReader reader{object, reading};
    visit_fields(reader, row, link);
    if (link.ifindex == 0) throw Unreadable{"is no link: it has no ifindex"};
    row.key = key_of(link);
    row.ifname = link.ifname;
    row.link_kind = link.info.kind;
    row.object = rtnl::Boxed<rtnl::Link>{std::move(link)};
    row.mentioned = std::move(reading.mentioned);
    return row;
}

state::Row read_address(const json& object, Reading& reading) {
    state::Row row;
    rtnl::Address address;
    ObjectReader reader{object, reading};
    visit_fields(reader, row, address);
    if (address.ifindex == 0 || address.local.empty() || address.local.family != address.family)
        throw Unreadable{"is no address: it lacks what makes its key"};
    if (address.peer.empty()) address.peer = address.local;
    row.key = key_of(address);
    row.object = address;
    return row;
}

}  // namespace

std::variant<state::Row, ReadError> read_object(rtnl::Kind kind, std::string_view text) {
    Reading reading;
    try {
        const json object = json::parse(text);
        return kind == rtnl::Kind::link ? read_link(object, reading) : read_address(object, reading);
    } catch (const std::exception& error) {
        std::string where;
        for (const std::string& name : reading.path) where += (where.empty() ? "" : ".") + name;
        return ReadError{where + (where.empty() ? "" : ": ") + error.what()};
    }
}

}  // namespace nlwatch::record
