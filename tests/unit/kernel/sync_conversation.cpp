#include "unit/kernel/sync_conversation.hpp"

#include <array>

namespace nlwatch::test {

namespace {

std::string words(const Pass::Part& part) {
    if (part.kind == rtnl::Kind::link) return "links";
    return (part.family == AF_INET ? "inet of " : "inet6 of ") +
           (part.ifindex ? std::to_string(part.ifindex) : "all");
}

}  // namespace

std::string SyncConversation::next() {
    using Do = SyncMachine::Do;
    const SyncMachine::Action action = machine.next(now);
    switch (action.what) {
        case Do::wait:
            if (action.until == state::Time::max()) return "wait for the answer";
            return "wait " +
                   std::to_string(std::chrono::duration_cast<milliseconds>(action.until - now).count()) +
                   " ms";
        case Do::drain:
            return "drain";
        case Do::grow:
            return "grow";
        case Do::barrier:
            return "barrier";
        case Do::open_pass:
            return action.origin == state::Origin::resync ? "open resync" : "open audit";
        case Do::dump:
            return "dump " + words(action.part);
        case Do::close_pass:
            return "close";
        case Do::drop_pass:
            return "drop";
        case Do::begin_resync:
            return "begin resync";
        case Do::end_resync:
            return "end resync";
    }
    return "";
}

void SyncConversation::opens(const std::string& origin) {
    EXPECT_EQ(next(), "barrier");
    answered();
    EXPECT_EQ(next(), "drain");
    drained();
    EXPECT_EQ(next(), "open " + origin);
}

void SyncConversation::runs(const std::vector<std::string>& dumps, const std::string& origin) {
    opens(origin);
    for (const std::string& dump : dumps) {
        EXPECT_EQ(next(), "dump " + dump);
        answered();
    }
    EXPECT_EQ(next(), "barrier");
    answered();
    EXPECT_EQ(next(), "drain");
    drained();
    EXPECT_EQ(next(), "close");
}

void SyncConversation::runs_everything(const std::string& origin) {
    runs({"links", "inet of all", "inet6 of all"}, origin);
}

void SyncConversation::first_pass() {
    EXPECT_EQ(next(), "drain");
    drained();
    runs_everything("audit");
    passed();
}

}  // namespace nlwatch::test
