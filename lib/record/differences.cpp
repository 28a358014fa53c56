#include "record/differences.hpp"

#include <array>
#include <cassert>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "record/address_fields.hpp"
#include "record/link_fields.hpp"
#include "record/presence.hpp"

namespace nlwatch::record {

namespace {

// What a value is compared by: a number where it is one, else the object in its row.
template <std::integral T>
std::uint64_t handle(const T& number) {
    return static_cast<std::uint64_t>(number);
}
// A word of the program's own, not of the row: at another place stands at worst the same word again.
std::uint64_t handle(std::string_view word) { return reinterpret_cast<std::uintptr_t>(word.data()); }
template <std::integral T>
std::uint64_t handle(const std::optional<T>& number) {
    return handle(number.value_or(T{}));
}
template <class T>
std::uint64_t handle(const Word<T>& value) {
    return handle(value.number);
}
template <class T>
std::uint64_t handle(const LinkType<T>& value) {
    return handle(value.number);
}
template <class T>
std::uint64_t handle(const BitNumbers<T>& value) {
    return handle(value.bits);
}
template <class T>
std::uint64_t handle(const LinkFlags<T>& value) {
    return handle(value.bits);
}
template <class T>
std::uint64_t handle(const LinkName<T>& value) {
    return handle(value.ifindex);
}
template <class T>
auto handle(const LinkAddress<T>& value) {
    return &std::as_const(value.address);
}
template <class T>
auto handle(const HexBytes<T>& value) {
    return &std::as_const(value.bytes);
}
template <class T>
auto handle(const IfSet<T>& value) {
    return handle(value.value);
}
// What lives in the row as it stands; a value made for the visit would be gone.
template <class T>
requires std::is_class_v<T>
const T* handle(const T& object) {
    static_assert(!std::is_same_v<T, std::string_view>);
    return &object;
}

// The spellings of a field list, each led to member(is_there, value).
template <class Visitor>
class EachMember {
public:
    template <class T>
    void operator()(const char*, const T& value) {
        self().member(present(value), value);
    }
    template <class T>
    void when(bool there, const char*, const T& value) {
        self().member(there && present(value), value);
    }
    template <class T>
    void derived(const char*, const T& value) {
        self().member(present(value), value);
    }
    void derived(const char*, const char* value) { self().member(true, std::string_view{value}); }
    void bit(const char*, std::uint32_t bits, std::uint32_t bit) { self().member((bits & bit) != 0, true); }
    void bit_unless(const char*, std::uint32_t bits, std::uint32_t bit) {
        self().member((bits & bit) == 0, true);
    }

private:
    Visitor& self() { return static_cast<Visitor&>(*this); }
};

// The handles of a row's members; they point into it.
class Outline : public EachMember<Outline> {
public:
    struct Member {
        std::uint64_t number;
        const void* object;  // of the type that stands at this place of the field list
        bool is_there;
    };

    template <class T>
    void member(bool is_there, const T& value) {
        const auto its = handle(value);
        if constexpr (std::is_pointer_v<decltype(its)>)
            add({0, its, is_there});
        else
            add({its, nullptr, is_there});
    }
    const Member& at(std::size_t place) const { return members_[place]; }

private:
    void add(const Member& member) {
        assert(count_ < most_members);
        members_[count_++] = member;
    }

    std::array<Member, most_members> members_;  // without initial values: only what is added is looked at
    std::size_t count_ = 0;
};

class Comparison : public EachMember<Comparison> {
public:
    explicit Comparison(const Outline& before) : before_(before) {}

    template <class T>
    void member(bool is_there, const T& value) {
        const Outline::Member& was = before_.at(place_);
        if (was.is_there != is_there || (is_there && differs(was, handle(value)))) found_.set(place_);
        ++place_;
    }
    const MemberSet& found() const { return found_; }

private:
    static bool differs(const Outline::Member& was, std::uint64_t is) { return was.number != is; }
    template <class T>
    static bool differs(const Outline::Member& was, const T* is) {
        return !(*static_cast<const T*>(was.object) == *is);
    }

    const Outline& before_;
    std::size_t place_ = 0;
    MemberSet found_;
};

template <class Object>
MemberSet compare(const state::Row& before, const Object& was, const state::Row& after, const Object& is) {
    Outline outline;
    visit_fields(outline, before, was);
    Comparison comparison{outline};
    visit_fields(comparison, after, is);
    return comparison.found();
}

}  // namespace

MemberSet may_differ(const state::Row& before, const state::Row& after) {
    const rtnl::Link* const was = state::as_link(before);
    const rtnl::Link* const is = state::as_link(after);
    if (!is) return compare(before, *state::as_address(before), after, *state::as_address(after));
    // Names of other links, and the notation of addresses, are no part of the members that show them.
    if (was->type != is->type || before.mentioned != after.mentioned) return MemberSet{}.set();
    return compare(before, *was, after, *is);
}

}  // namespace nlwatch::record
