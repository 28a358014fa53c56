#include "backlog/request.hpp"

#include "backlog/backlog.hpp"

namespace nlwatch::backlog {

std::optional<std::string> refusal(const Request& request, const Backlog& backlog) {
    if (request.snapshot == true && !request.filter.foldable())
        return "a snapshot cannot be had with a filter on events (type, transition): leave out one of the "
               "two";
    if (request.snapshot == true && request.since)
        return "a snapshot cannot be had with since, which goes on from what the reader holds: leave out one "
               "of the two";
    if (request.since && request.since->run == backlog.run() && request.since->seq > backlog.head())
        return "since=" + record::to_string(*request.since) +
               " lies in the future: the last record of this run is " +
               record::to_string({backlog.run(), backlog.head()});
    return std::nullopt;
}

}  // namespace nlwatch::backlog
