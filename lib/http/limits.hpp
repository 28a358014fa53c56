// What the HTTP server allows, and what it counts.
#pragma once
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

#include "sink/pump.hpp"

namespace nlwatch::http {

struct Limits {
    std::size_t max_connections = 256;  // of all listeners together
    std::size_t header_bytes = 16 * 1024;
    std::size_t body_bytes = 64 * 1024;  // of a body, which is read and dropped
    std::size_t batch_bytes = sink::default_batch_bytes;
    std::chrono::milliseconds idle = std::chrono::seconds{30};     // for the next request to begin
    std::chrono::milliseconds request = std::chrono::seconds{10};  // for one that has begun to be whole
    std::chrono::milliseconds stall =
        std::chrono::seconds{30};                               // of a client that takes nothing of an answer
    std::chrono::milliseconds drain = std::chrono::seconds{2};  // reading on behind a refusal …
    std::size_t drain_bytes = 1024 * 1024;                      // … and so much at most
    std::chrono::milliseconds heartbeat = std::chrono::seconds{15};  // between comments to readers of SSE
    std::chrono::milliseconds grace = std::chrono::seconds{10};      // for requests in flight, after stop()
    std::chrono::milliseconds last_call = std::chrono::seconds{1};   // … and for a first request to come
};

// How lines are written to those who follow /v1/events.
enum class Form : std::uint8_t { ndjson, sse };
inline constexpr std::size_t forms = 2;

struct Counters {
    std::uint64_t accepted{}, refused{};      // refused: one connection too many
    std::uint64_t accept_failures{};          // out of descriptors or memory; each is followed by a pause
    std::array<std::uint64_t, 6> answers{};   // by the first digit of their status
    std::array<std::uint64_t, forms> gaps{};  // told to followers, by Form
};

}  // namespace nlwatch::http
