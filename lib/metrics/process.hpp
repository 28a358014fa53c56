// What the process itself costs, as every Prometheus client tells it (process_*).
#pragma once
#include <cstdint>
#include <optional>

namespace nlwatch::metrics {

// A member is empty where the system did not tell: without /proc, or without a descriptor left to read it.
struct Process {
    std::optional<double> cpu_seconds;
    std::optional<std::uint64_t> resident_bytes, virtual_bytes;
    std::optional<std::uint64_t> open_fds;
    std::optional<std::uint64_t> max_fds;      // empty: unlimited, too
    std::optional<double> start_time_seconds;  // Unix time; the same at every reading
};

// Reads /proc/self: not for the reactor's thread, but from any other.
Process read_process();

}  // namespace nlwatch::metrics
