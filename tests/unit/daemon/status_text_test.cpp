#include "client/status_text.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>

#include "failure.hpp"

using namespace nlwatch::client;

namespace {

struct Status : testing::Test {
    Status() {
        ::setenv("TZ", "UTC", 1);
        ::tzset();
    }
    // At 2026-11-24T13:20:31 UTC.
    std::string text(const std::string& json) {
        return status_text(json, std::chrono::system_clock::from_time_t(1795526431), false);
    }
};

}  // namespace

TEST_F(Status, IsToldInWords) {
    EXPECT_EQ(
        text(
            R"({"schema":1,"version":"0.1.0","run":"4f1c2a9be07d4c55","seq":124000,"settled":true,"ready":true,)"
            R"("since":"2026-11-24T12:00:01.500000Z","uptime_s":4829.5,"host":{"name":"edge-17"},)"
            R"("netns":{"cookie":1,"inode":4026531840},"objects":{"link":1,"address":5},)"
            R"("receive_buffer":{"bytes":212992,"requested":8388608},)"
            R"("resync":{"in_progress":false,"total":3,"last":{"cause":"overrun","lost":517,)"
            R"("time":"2026-11-24T13:19:59.000000Z","duration_s":0.0615}},)"
            R"("audit":{"last":"2026-11-24T13:20:30.000000Z","repaired":0},)"
            R"("backlog":{"records":1,"bytes":3000,"first_seq":124000},)"
            R"("subscribers":{"stream":2,"ndjson":1,"sse":0},"gaps":{"stream":1,"ndjson":0,"sse":0},)"
            R"("sinks":[{"name":"log","type":"log","up":true,"delivered":12,"dropped":0,"lag":0},)"
            R"({"name":"ops","type":"webhook","up":false,"delivered":0,"dropped":2,"lag":7,"left_out":4,)"
            R"("oldest_age_s":90.5,"next_retry_s":12.9,"last_error":"https://a/… answers 503"}],)"
            R"("config":{"file":null,"last_reload":null}})"),
        "daemon       nlwatch 0.1.0 on edge-17\n"
        "since        2026-11-24 12:00:01, 1 h 20 min ago\n"
        "run          4f1c2a9be07d4c55, at record 124000\n"
        "following    1 link, 5 addresses, in network namespace net:[4026531840]\n"
        "buffer       208 KiB, and not the 8 MiB asked for: raise net.core.rmem_max to 4194304, or grant "
        "CAP_NET_ADMIN\n"
        "last loss    517 messages lost (overrun), 2026-11-24 13:19:59, 32 s ago; repaired within 0.061 s; 3 "
        "in "
        "all\n"
        "last audit   2026-11-24 13:20:30, 1 s ago; nothing was wrong so far\n"
        "backlog      1 record, 2.9 KiB, from 124000 on\n"
        "clients      1 of ndjson, 2 of stream (1 gap told)\n"
        "sink         log: up, 12 delivered\n"
        "sink         ops (webhook): down, 0 delivered, 2 dropped, 7 behind, 4 left out by its delays, "
        "waiting for 1 min, tried again in 12 s: https://a/… answers 503\n"
        "file         none: the defaults hold\n");
}

TEST_F(Status, MembersThatAreNotThereBreakNothing) {
    EXPECT_EQ(text("{}"), "daemon       nlwatch\n");
    for (
        const char* wrong :
        {R"({"objects":[],"host":3,"netns":"x","receive_buffer":{"bytes":-1},"resync":7,"sinks":{},"config":[]})",
         R"({"resync":{"last":{}},"audit":{},"backlog":{},"subscribers":{"stream":"many"},"sinks":[3,null]})",
         R"({"since":7,"config":{"file":[],"last_reload":{}},"gaps":3,"audit":{"last":"yesterday"}})"})
        EXPECT_NO_THROW(text(wrong)) << wrong;
}

TEST_F(Status, WhatIsNoObjectIsAFailure) {
    EXPECT_THROW(text("[]"), nlwatch::Failure);
    EXPECT_THROW(text("<html>"), nlwatch::Failure);
    EXPECT_EQ(version_in_status("<html>"), "");
    EXPECT_EQ(version_in_status(R"({"version":"1.2.3"})"), "1.2.3");
}

TEST_F(Status, ALossThatCannotBeCounted) {
    EXPECT_NE(text(R"({"resync":{"last":{"cause":"overrun","lost":null,"time":"2026-11-24T13:20:00Z"}}})")
                  .find("an unknown number of messages lost (overrun), 2026-11-24 13:20:00, 31 s ago\n"),
              std::string::npos);
}

TEST_F(Status, TheFirstPassAndARepairUnderWayAreToldApart) {
    EXPECT_NE(text(R"({"ready":false})").find("not yet"), std::string::npos);
    const std::string repairing =
        text(R"({"ready":false,"settled":false,"objects":{"link":2},"resync":{"in_progress":true}})");
    EXPECT_NE(repairing.find("following    2 links; not certain: looking at the kernel again\n"),
              std::string::npos);
    EXPECT_NE(repairing.find("being repaired now"), std::string::npos);
}

TEST_F(Status, ARefusedReloadBringsItsMessage) {
    EXPECT_TRUE(text(R"({"config":{"file":"/etc/nlwatch/nlwatch.toml","last_reload":{"outcome":"refused",)"
                     R"("time":"2026-11-24T13:20:00Z","message":"nlwatch.toml:1:1: error\n  x\n  ^"}}})")
                    .ends_with("file         /etc/nlwatch/nlwatch.toml\n"
                               "last reload  refused, 2026-11-24 13:20:00, 31 s ago\n"
                               "nlwatch.toml:1:1: error\n  x\n  ^\n"));
}

TEST_F(Status, NamesAreHarmless) {
    const std::string told =
        text(R"({"host":{"name":"a\u001b[31m"},"sinks":[{"name":"\u0007","type":"log"}]})");
    EXPECT_EQ(told.find('\x1b'), std::string::npos);
    EXPECT_EQ(told.find('\a'), std::string::npos);
}
