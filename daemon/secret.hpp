// Secrets, which stand in credentials of systemd or in files, and never in the configuration or in a message.
#pragma once
#include <string>
#include <string_view>

#include "config/sink.hpp"

namespace nlwatch {

// The content of $CREDENTIALS_DIRECTORY/<credential> (systemd.exec(5)) or of the file, without the newlines
// at its end: at least one byte, at most 64 KiB, none of them NUL. One of the two must be said. `what` stands
// for it in errors: "the signing secret of sink 'ops'". Throws Failure (exit code configuration) that says
// why it could not be had and what to do. It reads files: not to be called on the reactor.
std::string read_secret(const config::Secret&, std::string_view what);

// The same of a token or a password: refused as well if it has several lines or a control character.
std::string read_secret_line(const config::Secret&, std::string_view what);

// "credential 'ops'", or the file's path: for what is wrong with its content.
std::string place_text(const config::Secret&);

}  // namespace nlwatch
