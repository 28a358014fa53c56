// Short names held in place: interface names, labels, kinds. A row has several; none should cost an
// allocation.
#pragma once
#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

namespace nlwatch::rtnl {

// Up to Capacity - 1 bytes, any but NUL. What is longer is cut: the kernel's own limits are what Capacity is
// chosen by.
template <std::size_t Capacity>
class FixedString {
public:
    constexpr FixedString() = default;
    constexpr FixedString(std::string_view text) {
        std::copy_n(text.data(), std::min(text.size(), Capacity - 1), bytes_.data());
    }
    constexpr FixedString(const char* text) : FixedString(std::string_view{text}) {}

    constexpr std::string_view view() const {
        return {bytes_.data(),
                static_cast<std::size_t>(std::find(bytes_.begin(), bytes_.end(), '\0') - bytes_.begin())};
    }
    constexpr operator std::string_view() const { return view(); }
    constexpr bool empty() const { return bytes_[0] == '\0'; }
    friend constexpr bool operator==(const FixedString&, const FixedString&) = default;
    friend constexpr bool operator==(const FixedString& a, std::string_view b) { return a.view() == b; }
    friend constexpr bool operator==(const FixedString& a, const char* b) { return a.view() == b; }

private:
    std::array<char, Capacity> bytes_{};
};

using Name = FixedString<16>;      // IFNAMSIZ, its NUL included: an interface name or an address label
using KindName = FixedString<32>;  // IFLA_INFO_KIND; the longest in Linux 6.18 has 13 bytes

}  // namespace nlwatch::rtnl
