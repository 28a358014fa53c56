// The kernel's links and addresses in this moment, by a dump that shares no socket code with the follower.
#pragma once
#include <map>
#include <string>

#include "netns/talk.hpp"
#include "rtnl/object.hpp"
#include "state/table.hpp"

namespace nlwatch::test {

using Truth = std::map<rtnl::Key, rtnl::Object>;

// Dumps until two in a row are equal.
Truth truth(Talk&);

// "" if the table holds the truth, else what it lacks, has too much, or has otherwise.
std::string difference(const state::Table&, const Truth&);

}  // namespace nlwatch::test
