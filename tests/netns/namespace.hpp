// Private network namespaces, without names: they go with their last socket and descriptor.
#pragma once

namespace nlwatch::test {

// One with a loopback link, down. Needs root: see may_make_namespaces().
class Namespace {
public:
    Namespace();
    ~Namespace();
    Namespace(const Namespace&) = delete;
    Namespace& operator=(const Namespace&) = delete;

    // Of the calling thread, and of the threads that it makes from then on: what they open belongs there.
    void enter() const;
    int descriptor() const { return fd_; }

private:
    int fd_ = -1;
};

bool may_make_namespaces();

}  // namespace nlwatch::test
