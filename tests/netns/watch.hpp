// A follower on a real kernel, and all that it told. It runs only inside until(): in between it is held, as a
// busy process would be.
#pragma once
#include <boost/asio/io_context.hpp>
#include <functional>
#include <string_view>

#include "kernel/follower.hpp"
#include "netns/truth.hpp"
#include "support/folded.hpp"

namespace nlwatch::test {

class Watch {
public:
    // In the namespace of the calling thread.
    explicit Watch(const kernel::Follower::Options& options = {});
    ~Watch();
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;

    // Runs until it holds, and fails the test after ten seconds in which it never did.
    void until(std::string_view what, const std::function<bool()>& holds);
    void until_complete();
    void until_told(const std::string& change);
    // Until it is settled, and its table is what a dump of this moment says.
    void until_true();
    // Until a loss is repaired that was not when forget() was called: what a test did before may have been
    // one, where the buffer is tiny.
    void until_repaired();

    Words told() const { return told_; }
    bool was_told(std::string_view change) const;
    void forget() {
        told_.clear();
        repaired_before_ = repairs_.size();
    }

    const kernel::Follower& follower() const { return follower_; }
    const state::Table& table() const { return follower_.state().table(); }
    const std::vector<kernel::Loss>& losses() const { return losses_; }
    const std::vector<kernel::Repair>& repairs() const { return repairs_; }
    int completions() const { return completions_; }

private:
    kernel::Follower::Listener listener();

    boost::asio::io_context io_{1};
    Talk talk_;
    Words told_;
    Folded folded_;
    int completions_ = 0;
    std::vector<kernel::Loss> losses_;
    std::vector<kernel::Repair> repairs_;
    std::size_t repaired_before_ = 0;
    kernel::Follower follower_;
};

}  // namespace nlwatch::test
