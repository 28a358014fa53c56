// RFC 4648, 4: with padding, on one line.
#pragma once
#include <span>
#include <string>

namespace nlwatch::webhook {

std::string base64(std::span<const unsigned char> bytes);

}  // namespace nlwatch::webhook
