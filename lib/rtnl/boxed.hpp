// A value held by pointer that copies, compares and reads like the value.
#pragma once
#include <memory>
#include <utility>

namespace nlwatch::rtnl {

// For large parts of small wholes: a variant of a link and an address must not make every address as big as a
// link. Immutable and shared by copies; never empty, but after being moved from.
template <class T>
class Boxed {
public:
    Boxed() : Boxed(T{}) {}
    Boxed(T value) : value_(std::make_shared<const T>(std::move(value))) {}

    const T& operator*() const { return *value_; }
    const T* operator->() const { return value_.get(); }
    friend bool operator==(const Boxed& a, const Boxed& b) {
        return a.value_ == b.value_ || *a.value_ == *b.value_;
    }

private:
    std::shared_ptr<const T> value_;
};

}  // namespace nlwatch::rtnl
