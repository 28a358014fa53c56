#include "record/object_writer.hpp"

#include <arpa/inet.h>
#include <linux/if_arp.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "record/address_fields.hpp"
#include "record/differences.hpp"
#include "record/json_writer.hpp"
#include "record/link_fields.hpp"
#include "record/presence.hpp"
#include "record/utf8.hpp"

namespace nlwatch::record {

namespace {

using rtnl::HardwareAddress;
using rtnl::IpAddress;

template <class T>
std::uint32_t number_in(const T& value) {
    return static_cast<std::uint32_t>(value);
}
template <class T>
std::uint32_t number_in(const std::optional<T>& value) {
    return static_cast<std::uint32_t>(value.value_or(T{}));
}

constexpr std::string_view hex_suffix = "_hex";
constexpr char hex_digits[] = "0123456789abcdef";

// Members that were written, in the order of the field list, so that those of two rows of one kind stand side
// by side.
struct Members {
    // Without initial values: only `count` of the list is ever looked at.
    struct Member {
        const char* name;          // static
        std::uint32_t begin, end;  // of the value in the text; equal = absent
        bool is_hex;               // its name is followed by "_hex"
    };
    std::array<Member, 2 * most_members> list;
    std::size_t count = 0;

    void add(const Member& member) {
        assert(count < list.size());
        list[count++] = member;
    }
};

class ObjectWriter {
public:
    ObjectWriter(JsonWriter& json, const state::Row& row) : json_(json), row_(row) {}
    // Writes no other members than `only`, and notes where they stand.
    ObjectWriter(JsonWriter& json, const state::Row& row, const MemberSet& only, Members& members)
        : json_(json), row_(row), only_(&only), members_(&members) {}

    template <class T>
    void operator()(const char* name, const T& value) {
        when(true, name, value);
    }
    template <class T>
    void when(bool there, const char* name, const T& value) {
        if (only_ && !only_->test(place_++)) return;
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
            ObjectWriter inner{json_, row_};
            fields(inner);
            json_.close('}');
        });
    }

private:
    template <class Write>
    void member(const char* name, bool is_there, Write&& write_value, bool is_hex = false) {
        if (!is_there) {
            if (members_) members_->add({name, 0, 0, is_hex});
            return;
        }
        json_.key(name, is_hex ? hex_suffix : std::string_view{});
        const auto begin = static_cast<std::uint32_t>(json_.position());
        write_value();
        if (members_) members_->add({name, begin, static_cast<std::uint32_t>(json_.position()), is_hex});
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
    void write(const LinkType<T>& value) {
        const auto word = word_of(words::link_type, value.number);
        json_.word(word ? *word : "[" + std::to_string(value.number) + "]");
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
        const std::uint32_t number = number_in(value.number);
        char text[12] = "0x";
        char* const digits = number == 0 ? text : text + 2;
        json_.word({text, std::to_chars(digits, text + sizeof text, number, 16).ptr});
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
        char text[32];
        char* at = text;
        for (int shift = 12; shift >= 0; shift -= 4) *at++ = hex_digits[value.id.priority >> shift & 15];
        char between = '.';
        for (const std::uint8_t byte : value.id.address) {
            *at++ = std::exchange(between, ':');
            at = std::to_chars(at, text + sizeof text, byte, 16).ptr;
        }
        json_.word({text, at});
    }
    // What has a field list of its own.
    template <class T>
    requires std::is_class_v<T>
    void write(const T& data) {
        json_.open('{');
        ObjectWriter inner{json_, row_};
        visit_fields(inner, data);
        json_.close('}');
    }
    void write(const rtnl::LinkInfo& info) {
        json_.open('{');
        ObjectWriter inner{json_, row_};
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
        if (family == AF_INET6) return json_.word(::inet_ntop(family, bytes, text, sizeof text));
        char* at = text;
        for (int i = 0; i < 4; ++i) {
            if (i > 0) *at++ = '.';
            at = std::to_chars(at, text + sizeof text, bytes[i]).ptr;
        }
        json_.word({text, at});
    }
    void write_bytes(std::span<const std::uint8_t> bytes, char between) {
        char text[3 * 32];
        std::size_t length = 0;
        for (const std::uint8_t byte : bytes) {
            if (between && length > 0) text[length++] = between;
            text[length++] = hex_digits[byte >> 4];
            text[length++] = hex_digits[byte & 15];
        }
        json_.word({text, length});
    }

    JsonWriter& json_;
    const state::Row& row_;
    const MemberSet* only_ = nullptr;
    Members* members_ = nullptr;
    std::size_t place_ = 0;  // in the field list, of the next member
};

void write_all(ObjectWriter& writer, const state::Row& row) {
    if (const rtnl::Link* link = state::as_link(row))
        visit_fields(writer, row, *link);
    else
        visit_fields(writer, row, *state::as_address(row));
}

// Some of a row's members, in a text of their own.
struct Excerpt {
    std::string text;
    Members members;

    void take(const state::Row& row, const MemberSet& only) {
        text.clear();
        members.count = 0;
        JsonWriter json{text};
        ObjectWriter writer{json, row, only, members};
        write_all(writer, row);
    }
    std::string_view value(const Members::Member& member) const {
        return std::string_view{text}.substr(member.begin, member.end - member.begin);
    }
};

}  // namespace

void write_object(std::string& out, const state::Row& row) {
    JsonWriter json{out};
    json.open('{');
    ObjectWriter writer{json, row};
    write_all(writer, row);
    json.close('}');
}

void write_before(std::string& out, const state::Row& before, const state::Row& after) {
    static thread_local Excerpt was, is;  // keep their memory
    const MemberSet candidates = may_differ(before, after);
    was.take(before, candidates);
    is.take(after, candidates);
    bool first = true;
    out += '{';
    for (std::size_t i = 0; i < was.members.count; ++i) {
        const Members::Member& member = was.members.list[i];
        const std::string_view value = was.value(member);
        if (value == is.value(is.members.list[i])) continue;
        if (!first) out += ',';
        first = false;
        out += '"';
        out += member.name;
        if (member.is_hex) out += hex_suffix;
        out += "\":";
        out += value.empty() ? std::string_view{"null"} : value;
    }
    out += '}';
}

}  // namespace nlwatch::record
