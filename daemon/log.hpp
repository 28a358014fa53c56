// The daemon's own log: what it does and what happened to it, on standard error.
#pragma once
#include <string>

namespace nlwatch::log {

// Sets spdlog's default logger up: colours and the time of day on a terminal, priority prefixes and no time
// in the journal, full timestamps elsewhere.
void set_up();

// Standard error is the journal's stream ($JOURNAL_STREAM names its device and inode, systemd.exec(5)).
bool to_journal();

}  // namespace nlwatch::log
