#include "http/state_document.hpp"

#include <utility>

namespace nlwatch::http {

StateDocument::StateDocument(backlog::Backlog& backlog, record::Filter own, state::Time now)
    : backlog_(backlog), filter_(std::move(own)) {
    filter_.scopes.push_back(backlog.published());
    const auto snapshot = backlog.snapshot(now);
    seq_ = snapshot->seq;
    settled_ = snapshot->settled;
    rows_ = snapshot->rows;
}

bool StateDocument::next(std::string& out) {
    const std::size_t before = out.size();
    state::RowPtr row = begun_ ? rows_.after(key_) : rows_.at_or_after(rtnl::Key{});
    if (!std::exchange(begun_, true)) begin(out);
    for (std::size_t looked = 0; row && looked < slice_rows && out.size() - before < slice_bytes; ++looked) {
        key_ = row->key;
        if (covers(*row)) {
            out += std::exchange(first_, false) ? "\"" : ",\"";
            backlog_.renderer().key(out, row->key);
            out += "\":";
            backlog_.renderer().object(out, *row);
        }
        row = rows_.after(key_);
    }
    if (row) return true;
    out += "}}\n";
    rows_ = {};
    return false;
}

void StateDocument::begin(std::string& out) {
    out.append("{\"schema\":1,\"run\":\"").append(record::run_text(backlog_.run()));
    out.append("\",\"seq\":").append(std::to_string(seq_));
    out.append(",\"settled\":").append(settled_ ? "true" : "false");
    out.append(",\"netns\":").append(std::to_string(backlog_.renderer().identity().netns_cookie));
    out.append(",\"objects\":{");
}

bool StateDocument::covers(const state::Row& row) const { return filter_.covers(record::Subject(row)); }

}  // namespace nlwatch::http
