// A renderer whose host, run and clock the tests know.
#pragma once
#include "record/renderer.hpp"
#include "rows.hpp"

namespace nlwatch::test {

inline record::Identity identity() {
    record::Identity identity;
    identity.run = 0x4f1c2a9be07d4c55;
    identity.version = "0.1.0";
    identity.host_name = "edge-17";
    identity.host_id = "00112233445566778899aabbccddeeff";
    identity.boot_id = "ffeeddccbbaa99887766554433221100";
    identity.netns_cookie = 4097;
    identity.netns_inode = 4026531840;
    return identity;
}

// 2026-11-24T13:20:31.123456Z, 82.358022 s after the boot.
inline record::Stamp stamp() {
    using namespace std::chrono;
    return {state::Time{microseconds{82'358'022}},
            system_clock::time_point{sys_days{2026y / 11 / 24}} + 13h + 20min + 31s + 123456us};
}

inline std::string line_of(const state::Change& change, std::uint64_t seq = 7) {
    std::string line;
    record::Renderer{identity()}.change(line, seq, change, stamp());
    return line;
}

}  // namespace nlwatch::test
