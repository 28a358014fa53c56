// What a webhook of the configuration is made of.
#pragma once
#include "config/config.hpp"
#include "record/renderer.hpp"
#include "webhook/webhook.hpp"

namespace nlwatch {

// Reads its secrets: on a worker. Throws Failure. `tell` is left to the caller.
webhook::Webhook::Settings webhook_settings(const config::Sink&, const record::Identity&);

}  // namespace nlwatch
