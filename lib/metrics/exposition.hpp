// One answer to a scrape: series are added, then written as Prometheus reads them.
#pragma once
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

#include "metrics/catalogue.hpp"

namespace nlwatch::metrics {

// Slow where series are many (some microseconds each): not for the reactor's thread.
class Exposition {
public:
    using LabelValues = std::initializer_list<std::string_view>;

    Exposition();
    ~Exposition();
    Exposition(const Exposition&) = delete;
    Exposition& operator=(const Exposition&) = delete;

    // One series. The values, one for each of the family's labels, are UTF-8: a single one that is not makes
    // Prometheus reject the whole scrape. No two series of a family have the same values.
    void add(FamilyName, double value, LabelValues = {});
    void add(FamilyName, const Histogram&, LabelValues = {});

    // Text format 0.0.4: every family that has a series, in the catalogue's order.
    std::string text() &&;

private:
    struct Families;
    std::unique_ptr<Families> families_;
};

}  // namespace nlwatch::metrics
