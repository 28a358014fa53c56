#include "arbitrary.hpp"

#include <rapidcheck.h>

#include "record/address_fields.hpp"
#include "record/link_fields.hpp"
#include "rows.hpp"

namespace nlwatch::test {

namespace {

using namespace record;
namespace gen = rc::gen;

bool one_in(int times) { return *gen::inRange(0, times) == 0; }

// A visitor of the field lists, as the writer and the reader are: so it leaves out no field.
class Filler {
public:
    // chance: of drawing a field anew, 1 in so many.
    explicit Filler(int chance) : chance_(chance) {}

    template <class T>
    void operator()(const char*, T&& value) {
        if (one_in(chance_)) fill(value);
    }
    template <class T>
    void when(bool, const char* name, T&& value) {
        (*this)(name, value);
    }
    template <class T>
    void derived(const char*, const T&) {}
    void bit(const char*, std::uint32_t& bits, std::uint32_t bit) {
        if (one_in(chance_ * 2)) bits ^= bit;
    }
    void bit_unless(const char* name, std::uint32_t& bits, std::uint32_t one) { bit(name, bits, one); }
    void one_of(std::initializer_list<const char*>, int, rtnl::IpAddress& address) { (*this)("", address); }
    template <class Fields>
    void object(const char*, Fields&& fields) {
        fields(*this);
    }

private:
    template <std::integral T>
    static void fill(T& number) {
        // Most numbers of the kernel's are small: half of these may have a word.
        if constexpr (std::is_same_v<T, bool>)
            number = *gen::arbitrary<bool>();
        else
            number = one_in(2) ? static_cast<T>(*gen::inRange(0, 9)) : *gen::arbitrary<T>();
    }
    template <class T>
    void fill(std::optional<T>& value) {
        value.reset();
        if (!one_in(3)) fill(value.emplace());
    }
    template <class T>
    void fill(std::vector<T>& list) {
        list.clear();
        for (int size = *gen::inRange(0, 4); size > 0; --size) fill(list.emplace_back());
    }
    static void fill(std::string& text) { text = any_text(40); }
    template <std::size_t N>
    static void fill(rtnl::FixedString<N>& text) {
        text = std::string_view{any_text(N - 1)};
    }
    static std::string any_text(std::size_t most) {
        std::string text;
        for (std::size_t size = *gen::inRange<std::size_t>(0, most + 1); text.size() < size;)
            text +=
                static_cast<char>(*gen::element(*gen::inRange(1, 256), int{'e'}, int{'"'}, 0xc3, 0xa9, 0xff));
        return text;
    }
    static void fill(rtnl::IpAddress& address) {
        address = {};
        address.family = one_in(2) ? AF_INET : AF_INET6;
        for (int i = 0; i < (address.family == AF_INET ? 4 : 16); ++i)
            address.bytes[static_cast<std::size_t>(i)] = *gen::element<std::uint8_t>(0, 0, 1, 192, 224, 255);
    }
    static void fill(rtnl::HardwareAddress& address) {
        address = {};
        address.length = *gen::element<std::uint8_t>(0, 4, 6, 6, 16, 20, 32);
        for (std::size_t i = 0; i < address.length; ++i) address.bytes[i] = *gen::arbitrary<std::uint8_t>();
    }
    template <class T>
    void fill(IfSet<T>& value) {
        fill(value.value);
    }
    template <class T>
    void fill(Word<T>& value) {
        fill(value.number);
    }
    template <class T>
    void fill(LinkType<T>& value) {
        fill(value.number);
        if (one_in(2)) value.number = *gen::element<std::uint16_t>(1, 768, 769, 776, 778, 823);
    }
    template <class T>
    void fill(WordSet<T>& value) {
        fill(value.bits);
    }
    template <class T>
    void fill(BitNumbers<T>& value) {
        fill(value.bits);
    }
    template <class T>
    void fill(LinkFlags<T>& value) {
        fill(value.bits);
    }
    // Some of these have a name, see names().
    template <class T>
    void fill(LinkName<T>& value) {
        value.ifindex = static_cast<std::uint32_t>(*gen::inRange(0, 7));
    }
    template <class T>
    void fill(HexNumber<T>& value) {
        fill(value.number);
    }
    template <class T>
    void fill(HexBytes<T>& value) {
        fill(value.bytes);
    }
    template <class T>
    void fill(LinkAddress<T>& value) {
        fill(value.address);
    }
    template <class T>
    void fill(BridgeIdText<T>& value) {
        fill(value.id.priority);
        for (std::uint8_t& byte : value.id.address) byte = *gen::arbitrary<std::uint8_t>();
    }
    template <class T>
    void fill(FlagNumber<T>& value) {
        fill(value.flag);
    }
    template <class T>
    requires(std::is_class_v<T> && !any_bytes<T>) void fill(T& data) { visit_fields(*this, data); }
    void fill(rtnl::LinkInfo& info) {
        struct Kind {
            const char* name;
            rtnl::LinkData data;
        };
        struct PortKind {
            const char* name;
            rtnl::PortData data;
        };
        const std::vector<Kind> kinds{{"", {}},
                                      {"veth", {}},
                                      {"k\xff", {}},
                                      {"bridge", {}},
                                      {"bridge", rtnl::Boxed<rtnl::Bridge>{}},
                                      {"bond", rtnl::Boxed<rtnl::Bond>{}},
                                      {"vxlan", rtnl::Boxed<rtnl::Vxlan>{}},
                                      {"macvlan", rtnl::Macvlan{}},
                                      {"macvtap", rtnl::Macvlan{}},
                                      {"vlan", rtnl::Vlan{}},
                                      {"vrf", rtnl::Vrf{}},
                                      {"tun", rtnl::Tun{}}};
        const std::vector<PortKind> port_kinds{{"", {}},
                                               {"team", {}},
                                               {"k\xff", {}},
                                               {"bridge", rtnl::Boxed<rtnl::BridgePort>{}},
                                               {"bond", rtnl::Boxed<rtnl::BondPort>{}},
                                               {"vrf", rtnl::VrfPort{}}};
        const Kind kind = kinds[*gen::inRange<std::size_t>(0, kinds.size())];
        const PortKind port = port_kinds[*gen::inRange<std::size_t>(0, port_kinds.size())];
        info = {.kind = kind.name, .data = kind.data, .port_kind = port.name, .port_data = port.data};
        std::visit([&](auto& data) { fill_data(data); }, info.data);
        std::visit([&](auto& data) { fill_data(data); }, info.port_data);
    }
    static void fill_data(std::monostate) {}
    template <class T>
    void fill_data(rtnl::Boxed<T>& boxed) {
        T data = *boxed;
        fill(data);
        boxed = rtnl::Boxed<T>{data};
    }
    template <class T>
    void fill_data(T& data) {
        fill(data);
    }

    int chance_;
};

// What every row of a table has: a key, and the names that go with it.
void complete(state::Row& row, rtnl::Link& link) {
    if (link.ifname.empty()) link.ifname = "x";
    row.key = key_of(link);
    row.object = rtnl::Boxed<rtnl::Link>{link};
    row.ifname = link.ifname;
    row.link_kind = link.info.kind;
    row.mentioned = {{1, "br0"}, {2, "e\xff"}, {3, "if9"}, {5, "\xc3\xa9\"\\"}};
}

void complete(state::Row& row, rtnl::Address& address) {
    if (row.ifname.empty()) row.ifname = "x";
    address.family = address.local.family;
    if (address.peer.family != address.family) address.peer = address.local;
    row.key = key_of(address);
    row.object = address;
}

state::Row any_link() {
    state::Row row;
    rtnl::Link link;
    Filler filler{1};
    visit_fields(filler, row, link);
    link.ifindex = static_cast<std::uint32_t>(*gen::inRange(1, 1 << 30));
    complete(row, link);
    return row;
}

state::Row any_address() {
    state::Row row;
    rtnl::Address address;
    Filler filler{1};
    visit_fields(filler, row, address);
    address.ifindex = static_cast<std::uint32_t>(*gen::inRange(1, 1 << 30));
    complete(row, address);
    return row;
}

state::Row any_change(const state::Row& row) {
    state::Row changed = row;
    Filler filler{6};
    if (const rtnl::Link* held = state::as_link(row)) {
        rtnl::Link link = *held;
        visit_fields(filler, changed, link);
        link.ifindex = held->ifindex;
        complete(changed, link);
    } else {
        const rtnl::Address& was = *state::as_address(row);
        rtnl::Address address = was;
        visit_fields(filler, changed, address);
        address.ifindex = was.ifindex, address.local = was.local;
        if (was.family == AF_INET) address.prefixlen = was.prefixlen, address.peer = was.peer;
        complete(changed, address);
    }
    return changed;
}

}  // namespace

// Each is one draw, so that a counterexample is shown as a row and not as the hundred numbers behind it.
state::Row arbitrary_row() {
    return *gen::exec([] { return one_in(3) ? any_address() : any_link(); });
}
state::Row arbitrarily_changed(const state::Row& row) {
    return *gen::exec([row] { return any_change(row); });
}

}  // namespace nlwatch::test

void nlwatch::state::showValue(const Row& row, std::ostream& out) { out << test::object_of(row); }
