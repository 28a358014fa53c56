// What TLS is to show and to believe, looked at before anything is sent.
#pragma once
#include <optional>
#include <string>

#include "webhook/request.hpp"

namespace nlwatch::webhook {

// What cannot be used of a request's ca_file, certificate_file and key: which, and why; null if all can be.
// Without it each attempt would fail, for a reason that is not the receiver's. It reads files: not to be
// called on the reactor.
std::optional<std::string> fault_of_tls(const Request&);

}  // namespace nlwatch::webhook
