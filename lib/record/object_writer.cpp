#include "record/object_writer.hpp"

#include <arpa/inet.h>
#include <linux/if_arp.h>

#include <algorithm>
#include <cstdio>
#include <optional>
#include <vector>

#include "record/address_fields.hpp"
#include "record/json_writer.hpp"
#include "record/link_fields.hpp"
#include "record/utf8.hpp"

namespace nlwatch::record {

namespace {

using rtnl::HardwareAddress;
using rtnl::IpAddress;

// Whether a value is there at all.
template <class T>
bool present(const T&) {
    return true;
}
template <class T>
bool present(const std::optional<T>& value) {
    return value.has_value();
}
template <class T>
bool present(const std::vector<T>& list) {
    return !list.empty();
}
template <std::size_t N>
bool present(const rtnl::FixedString<N>& text) {
    return !text.empty();
}
bool present(const std::string& text) { return !text.empty(); }
bool present(std::string_view text) { return !text.empty(); }
bool present(const IpAddress& address) { return !address.empty(); }
bool present(const HardwareAddress& address) { return !address.empty(); }
bool present(const rtnl::LinkInfo& info) { return !info.kind.empty() || !info.port_kind.empty(); }
template <class T>
bool present(const Word<T>& value) {
    return present(value.number);
}
template <class T>
bool present(const HexNumber<T>& value) {
    return present(value.number);
}
template <class T>
bool present(const HexBytes<T>& value) {
    return present(value.bytes);
}
template <class T>
bool present(const LinkAddress<T>& value) {
    return present(value.address);
}
template <class T>
bool present(const FlagNumber<T>& value) {
    return present(value.flag);
}
bool is_set(const std::optional<std::uint32_t>& value) { return value.value_or(0) != 0; }
template <class T>
bool present(const LinkName<T>& value);

// Whether it is anything but 0 and false.
template <class T>
requires std::is_arithmetic_v<T>
bool is_set(const T& value) { return value != T{}; }
template <class T>
bool is_set(const std::optional<T>& value) {
    return value && is_set(*value);
}
template <class T>
bool is_set(const Word<T>& value) {
    return is_set(value.number);
}
template <class T>
bool is_set(const WordSet<T>& value) {
    return is_set(value.bits);
}
template <class T>
bool is_set(const HexNumber<T>& value) {
    return is_set(value.number);
}
template <class T>
bool is_set(const BitNumbers<T>& value) {
    return is_set(value.bits);
}
template <class T>
bool present(const IfSet<T>& value) {
    return is_set(value.value);
}
template <class T>
bool present(const LinkName<T>& value) {
    return is_set(value.ifindex);
}

template <class T>
std::uint32_t number_in(const T& value) {
    return static_cast<std::uint32_t>(value);
}
template <class T>
std::uint32_t number_in(const std::optional<T>& value) {
    return static_cast<std::uint32_t>(value.value_or(T{}));
}

constexpr std::string_view hex_suffix = "_hex";

class ObjectWriter {
public:
    ObjectWriter(JsonWriter& json, const state::Row& row, Members* members)
        : json_(json), row_(row), members_(members) {}

    template <class T>
    void operator()(const char* name, const T& value) {
        when(true, name, value);
    }
    template <class T>
    void when(bool there, const char* name, const T& value) {
        const bool is_there = there && present(value);
        member(name, is_there, [&] { write(value); });
        if constexpr (any_bytes<T>) hex_member(name, is_there, value);
    }
    template <class T>
    void derived(const char* name, const T& value) {
        when(true, name, value);
    }
    void derived(const char* name, const char* value) { when(true, name, std::string_view{value}); }

    void bit(const char* name, std::uint32_t bits, std::uint32_t bit) { when((bits & bit) != 0, name, true); }
    void bit_unless(const char* name, std::uint32_t bits, std::uint32_t bit) {
        when(!(bits & bit), name, true);
    }

    // A member of the last kind of name that fits.
    void one_of(std::initializer_list<const char*> names, int which, const IpAddress& address) {
        when(true, names.begin()[which], address);
    }
    template <class Fields>
    void object(const char* name, Fields&& fields) {
        member(name, true, [&] {
            json_.open('{');
            ObjectWriter inner{json_, row_, nullptr};
            fields(inner);
            json_.close('}');
        });
    }

private:
    template <class Write>
    void member(const char* name, bool is_there, Write&& write_value, bool is_hex = false) {
        std::uint32_t begin = 0, end = 0;
        if (is_there) {
            json_.key(name, is_hex ? hex_suffix : std::string_view{});
            begin = static_cast<std::uint32_t>(json_.position());
            write_value();
            end = static_cast<std::uint32_t>(json_.position());
        }
        if (members_) members_->add({name, is_hex, begin, end});
    }

    void hex_member(const char* name, bool is_there, std::string_view text) {
        member(
            name, is_there && !is_utf8(text), [&] { json_.hex(text); }, true);
    }
    void hex_member(const char* name, bool is_there, const std::vector<std::string>& texts) {
        const bool needed = is_there && !std::all_of(texts.begin(), texts.end(), is_utf8);
        const auto write_all = [&] {
            json_.open('[');
            for (const std::string& text : texts) json_.hex(text);
            json_.close(']');
        };
        member(name, needed, write_all, true);
    }
    template <class T>
    void hex_member(const char* name, bool is_there, const LinkName<T>& value) {
        hex_member(name, is_there, row_.name_of(number_in(value.ifindex)));
    }

    template <std::integral T>
    void write(T value) {
        if constexpr (std::is_same_v<T, bool>)
            json_.boolean(value);
        else
            json_.number(value);
    }
    template <class T>
    void write(const std::optional<T>& value) {
        write(*value);
    }
    void write(std::string_view text) { json_.text(text); }
    void write(const std::string& text) { json_.text(text); }
    template <std::size_t N>
    void write(const rtnl::FixedString<N>& text) {
        json_.text(text);
    }
    template <class T>
    void write(const std::vector<T>& list) {
        json_.open('[');
        for (const T& element : list) write(element);
        json_.close(']');
    }
    void write(const IpAddress& address) { write_ip(address.family, address.bytes.data()); }
    void write(const HardwareAddress& address) { write_bytes({address.bytes.data(), address.length}, ':'); }
    template <class T>
    void write(const IfSet<T>& value) {
        write(value.value);
    }
    template <class T>
    void write(const Word<T>& value) {
        const std::uint32_t number = number_in(value.number);
        if (const auto word = word_of(value.words, number))
            json_.word(*word);
        else
            json_.word(std::to_string(number));
    }
    template <class T>
    void write(const WordSet<T>& value) {
        json_.open('[');
        write_bits(value.bits, value.words);
        json_.close(']');
    }
    template <class T>
    void write(const BitNumbers<T>& value) {
        json_.open('[');
        for (unsigned bit = 0; bit < 32; ++bit)
            if (value.bits >> bit & 1) json_.word(std::to_string(bit));
        json_.close(']');
    }
    template <class T>
    void write(const LinkFlags<T>& value) {
        json_.open('[');
        if ((value.bits & IFF_UP) && !(value.bits & IFF_RUNNING)) json_.word("NO-CARRIER");
        write_bits(value.bits & ~static_cast<std::uint32_t>(IFF_RUNNING), words::link_flags);
        json_.close(']');
    }
    template <class T>
    void write(const LinkName<T>& value) {
        const std::uint32_t ifindex = number_in(value.ifindex);
        const std::string_view name = row_.name_of(ifindex);
        if (name.empty())
            json_.word("if" + std::to_string(ifindex));
        else
            json_.text(name);
    }
    template <class T>
    void write(const HexNumber<T>& value) {
        char text[12];
        const int length = std::snprintf(text, sizeof text, "%#x", number_in(value.number));
        json_.word({text, static_cast<std::size_t>(length)});
    }
    template <class T>
    void write(const HexBytes<T>& value) {
        write_bytes({value.bytes.bytes.data(), value.bytes.length}, '\0');
    }
    template <class T>
    void write(const LinkAddress<T>& value) {
        const HardwareAddress& address = value.address;
        const bool ipv4 =
            value.type == ARPHRD_TUNNEL || value.type == ARPHRD_SIT || value.type == ARPHRD_IPGRE;
        const bool ipv6 = value.type == ARPHRD_TUNNEL6 || value.type == ARPHRD_IP6GRE;
        if ((ipv4 && address.length == 4) || (ipv6 && address.length == 16))
            write_ip(ipv4 ? AF_INET : AF_INET6, address.bytes.data());
        else
            write(address);
    }
    template <class T>
    void write(const FlagNumber<T>& value) {
        json_.number(number_in(value.flag));
    }
    template <class T>
    void write(const BridgeIdText<T>& value) {
        const auto& mac = value.id.address;
        char text[32];
        const int length = std::snprintf(text, sizeof text, "%04x.%x:%x:%x:%x:%x:%x",
                                         value.id.priority, mac[0], mac[1], mac[2], mac[3], mac[4], mac[5]);
        json_.word({text, static_cast<std::size_t>(length)});
    }
    // What has a field list of its own.
    template <class T>
    requires std::is_class_v<T>
    void write(const T& data) {
        json_.open('{');
        ObjectWriter inner{json_, row_, nullptr};
        visit_fields(inner, data);
        json_.close('}');
    }
    void write(const rtnl::LinkInfo& info) {
        json_.open('{');
        ObjectWriter inner{json_, row_, nullptr};
        inner("info_kind", info.kind);
        inner.data("info_data", info.data);
        inner("info_slave_kind", info.port_kind);
        inner.data("info_slave_data", info.port_data);
        json_.close('}');
    }
    template <class... Kinds>
    void data(const char* name, const std::variant<Kinds...>& data) {
        std::visit([&](const auto& value) { write_data(name, value); }, data);
    }
    void write_data(const char*, std::monostate) {}
    template <class T>
    void write_data(const char* name, const rtnl::Boxed<T>& value) {
        write_data(name, *value);
    }
    template <class T>
    void write_data(const char* name, const T& value) {
        member(name, true, [&] { write(value); });
    }

    void write_bits(std::uint32_t bits, Words words) {
        for (const WordEntry& entry : words) {
            if (!(bits & entry.number)) continue;
            json_.word(entry.word);
            bits &= ~entry.number;
        }
        if (bits != 0) write(HexNumber<std::uint32_t>{bits});
    }
    void write_ip(int family, const std::uint8_t* bytes) {
        char text[INET6_ADDRSTRLEN];
        json_.word(::inet_ntop(family, bytes, text, sizeof text));
    }
    void write_bytes(std::span<const std::uint8_t> bytes, char between) {
        static constexpr char digits[] = "0123456789abcdef";
        char text[3 * 32];
        std::size_t length = 0;
        for (const std::uint8_t byte : bytes) {
            if (between && length > 0) text[length++] = between;
            text[length++] = digits[byte >> 4];
            text[length++] = digits[byte & 15];
        }
        json_.word({text, length});
    }

    JsonWriter& json_;
    const state::Row& row_;
    Members* members_;
};

}  // namespace

void write_object(std::string& out, const state::Row& row, Members* members) {
    JsonWriter json{out};
    json.open('{');
    ObjectWriter writer{json, row, members};
    if (const rtnl::Link* link = state::as_link(row))
        visit_fields(writer, row, *link);
    else
        visit_fields(writer, row, *state::as_address(row));
    json.close('}');
}

void write_before(std::string& out, const Members& before, std::string_view before_text, const Members& after,
                  std::string_view after_text) {
    const auto value = [](const Members::Member& member, std::string_view text) {
        return text.substr(member.begin, member.end - member.begin);
    };
    bool first = true;
    out += '{';
    for (std::size_t i = 0; i < before.count; ++i) {
        const std::string_view was = value(before.list[i], before_text),
                               is = value(after.list[i], after_text);
        if (was == is) continue;
        if (!first) out += ',';
        first = false;
        out += '"';
        out += before.list[i].name;
        if (before.list[i].is_hex) out += hex_suffix;
        out += "\":";
        out += was.empty() ? std::string_view{"null"} : was;
    }
    out += '}';
}

}  // namespace nlwatch::record
