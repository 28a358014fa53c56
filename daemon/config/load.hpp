// Reads the configuration from a file, and says what is wrong with it.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "config/config.hpp"
#include "failure.hpp"

namespace nlwatch::config {

// Webhooks need libcurl and OpenSSL, which a build may be without.
#ifdef NLWATCH_WEBHOOK
inline constexpr bool has_webhooks = NLWATCH_WEBHOOK;
#else
inline constexpr bool has_webhooks = false;
#endif

inline constexpr const char* default_file = "/etc/nlwatch/nlwatch.toml";

// A configuration that cannot be used (exit code 78). `errors`: every error of it in the order of lines, each
// as `FILE:LINE:COLUMN: error: …` with the source line and a caret below; no newline behind the last.
struct ConfigError : Failure {
    explicit ConfigError(std::string text)
        : Failure(exit_code::configuration, "the configuration cannot be used:\n" + text),
          errors(std::move(text)) {}
    std::string errors;
};

struct Loaded {
    Config config;
    std::string file;  // empty: there was none, so the defaults hold
};

// `path`, which must be there; without one default_file, which need not. Throws ConfigError. It reads files,
// and may be given a pipe: not to be called on the reactor.
Loaded load(const std::optional<std::string>& path);

// `name` stands for the file in errors. A syntax error is told alone, errors of meaning all together. What
// may hold a secret is shown in none of them. `webhooks`: whether there may be sinks of this type. Throws
// ConfigError. Pure.
Config parse(std::string_view text, const std::string& name, bool webhooks = has_webhooks);

}  // namespace nlwatch::config
