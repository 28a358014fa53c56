// Transfers on a reactor that a test turns by hand.
#pragma once
#include <gtest/gtest.h>

#include <boost/asio/cancellation_signal.hpp>
#include <exception>
#include <memory>
#include <optional>
#include <string>

#include "unit/sink/reactor.hpp"
#include "webhook/transfers.hpp"

namespace nlwatch::test {

struct Outcome {
    std::optional<webhook::Response> response;
    std::exception_ptr thrown;
    boost::asio::cancellation_signal cancel;
    bool there() const { return response || thrown; }
};

struct Posting : testing::Test, Reactor {
    std::shared_ptr<Outcome> begin(webhook::Request);
    // … and waits for its end. Nothing secret may be in its words.
    webhook::Response post(webhook::Request);

    std::optional<webhook::Transfers> transfers{reactor.get_executor()};
};

// To `url`, with a body and one header, and credentials that nobody may ever see.
webhook::Request to(const std::string& url);

}  // namespace nlwatch::test
