// How many members an aggregate has, so that a list of them can be held to be complete.
#pragma once
#include <cstddef>
#include <utility>

namespace nlwatch::config {

// Stands for a value of any type, where it is not evaluated.
struct AnyValue {
    template <class Value>
    operator Value() const;
};

template <class Aggregate, std::size_t... indices>
constexpr bool takes(std::index_sequence<indices...>) {
    return requires { Aggregate{(static_cast<void>(indices), AnyValue{})...}; };
}

// An aggregate is initialised by as many values as it has members, and by no more. (boost::pfr::tuple_size
// does the same, and ends g++ 12 with an internal error at members that have initialisers.)
template <class Aggregate, std::size_t count = 0>
constexpr std::size_t members() {
    if constexpr (takes<Aggregate>(std::make_index_sequence<count + 1>{}))
        return members<Aggregate, count + 1>();
    else
        return count;
}

}  // namespace nlwatch::config
