#include "stream_fold.hpp"

#include <gtest/gtest.h>

using nlwatch::StreamFold;

namespace {
const char* const hello =
    R"({"schema":1,"run":"1","seq":5,"type":"hello","version":"9.9","netns":{"cookie":7,"inode":8},)"
    R"("published":{"interface":["eth*"]}})";
}

TEST(StreamFold, AViewFoldsToItsObjects) {
    StreamFold fold;
    fold.line(hello);
    EXPECT_EQ(fold.hello()->version, "9.9");
    EXPECT_EQ(fold.hello()->netns_cookie, 7u);
    EXPECT_EQ(fold.hello()->published.interfaces.patterns(), std::vector<std::string>{"eth*"});
    EXPECT_FALSE(fold.whole());
    fold.line(R"({"type":"snapshot.begin"})");
    fold.line(R"({"type":"link.added","key":"a","object":{"mtu":1}})");
    fold.line(R"({"type":"link.added","key":"b","object":{"mtu":2}})");
    EXPECT_FALSE(fold.whole());
    fold.line(R"({"type":"snapshot.end","settled":true})");
    EXPECT_TRUE(fold.whole() && fold.settled());
    fold.line(R"({"type":"link.changed","key":"a","object":{"mtu":3}})");
    fold.line(R"({"type":"link.removed","key":"b","object":{"mtu":2}})");
    fold.line(R"({"type":"something.new","what":1})");
    EXPECT_EQ(fold.objects(), (std::map<std::string, std::string>{{"a", R"({"mtu":3})"}}));
}

TEST(StreamFold, ASnapshotEmpties) {
    StreamFold fold;
    fold.line(R"({"type":"link.added","key":"a","object":{}})");
    fold.line(R"({"type":"gap","from":1,"to":2,"reason":"slow_reader"})");
    fold.line(R"({"type":"snapshot.begin"})");
    EXPECT_TRUE(fold.objects().empty());
}

TEST(StreamFold, IsUnsettledWhileALossIsRepaired) {
    StreamFold fold;
    fold.line(R"({"type":"snapshot.end","settled":true})");
    fold.line(R"({"type":"resync.begin"})");
    EXPECT_FALSE(fold.settled());
    fold.line(R"({"type":"resync.end"})");
    EXPECT_TRUE(fold.settled());
}

TEST(StreamFold, RefusesWhatIsNoRecord) {
    StreamFold fold;
    EXPECT_THROW(fold.line("{"), std::runtime_error);
    EXPECT_THROW(fold.line("[]"), std::runtime_error);
    EXPECT_THROW(fold.line(R"({"type":"link.added","key":"a"})"), std::runtime_error);
    EXPECT_THROW(fold.line(R"({"type":"error","message":"too many clients"})"), std::runtime_error);
}
