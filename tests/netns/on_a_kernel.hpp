// A test in a network namespace of its own.
#pragma once
#include <gtest/gtest.h>

#include <optional>

#include "netns/changes.hpp"
#include "netns/watch.hpp"

namespace nlwatch::test {

class OnAKernel : public testing::Test {
protected:
    void SetUp() override {
        if (!may_make_namespaces()) GTEST_SKIP() << "only root may make network namespaces";
        here.emplace();
        here->enter();
        changes.emplace();
    }

    std::optional<Namespace> here;
    std::optional<Changes> changes;
};

}  // namespace nlwatch::test
