// A prefix of some bytes on memory of exactly its size, so that AddressSanitizer sees a read beyond it.
#pragma once
#include <cstring>
#include <memory>

#include "netlink/bytes.hpp"

namespace nlwatch::test {

class Cut {
public:
    Cut(netlink::Bytes whole, std::size_t size) : bytes_(std::make_unique<std::byte[]>(size)), size_(size) {
        if (size != 0) std::memcpy(bytes_.get(), whole.data(), size);
    }
    netlink::Bytes bytes() const { return {bytes_.get(), size_}; }

private:
    std::unique_ptr<std::byte[]> bytes_;
    std::size_t size_;
};

}  // namespace nlwatch::test
