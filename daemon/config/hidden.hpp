// What of a configuration's source is not to be shown in an error, for it may be a secret, or hold one.
#pragma once
#include <toml++/toml.h>

#include <optional>
#include <string>
#include <string_view>

#include "config/diagnostics.hpp"

namespace nlwatch::config {

// Whether what stands at "sink.url" or "sink.headers.X-Token" may hold a secret.
bool may_hold_secret(std::string_view path);

// Whether a key that is unknown where it stands is known elsewhere, and holds no secret there. The value of
// any other may be one: `password = "…"`.
bool is_known_and_open(std::string_view key);

// A value; of a table or a list, all that are in it.
void hide(Diagnostics&, const toml::node&);

// The part of a line that may hold a secret, where only lines are known, since there is a syntax error. Null:
// the whole line may be shown, for it begins with a key that is known, and mentions none that holds one.
std::optional<Span> secret_part(const Diagnostics& source, std::size_t line);

}  // namespace nlwatch::config
