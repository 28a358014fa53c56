// Who this daemon is: what every record of a run carries, and hello says in full.
#pragma once
#include "record/renderer.hpp"

namespace nlwatch {

// Of a new run, with a random number, on this machine and in this network namespace. What the machine cannot
// tell is left empty. The machine id itself is never told: host_id is derived from it for this application
// alone.
record::Identity new_identity();

}  // namespace nlwatch
