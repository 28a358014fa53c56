#include "metrics/exposition.hpp"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <cassert>
#include <limits>
#include <vector>

namespace nlwatch::metrics {

namespace {

prometheus::MetricType type_of(Type type) {
    switch (type) {
        case Type::counter:
            return prometheus::MetricType::Counter;
        case Type::gauge:
            return prometheus::MetricType::Gauge;
        case Type::histogram:
            return prometheus::MetricType::Histogram;
    }
    return prometheus::MetricType::Untyped;
}

double seconds(std::chrono::nanoseconds duration) { return std::chrono::duration<double>(duration).count(); }

[[maybe_unused]] bool fit(std::span<const Label> labels, Exposition::LabelValues values) {
    return std::equal(labels.begin(), labels.end(), values.begin(), values.end(),
                      [](const Label& label, std::string_view value) {
                          return !label.fixed() || std::find(label.values.begin(), label.values.end(),
                                                             value) != label.values.end();
                      });
}

prometheus::ClientMetric series(const Family& family, Exposition::LabelValues values) {
    assert(fit(family.labels, values));
    prometheus::ClientMetric series;
    series.label.reserve(values.size());
    auto value = values.begin();
    for (const Label& label : family.labels)
        series.label.push_back({std::string{label.name}, std::string{*value++}});
    return series;
}

}  // namespace

struct Exposition::Families {
    std::vector<prometheus::MetricFamily> all;  // as in the catalogue
};

Exposition::Exposition() : families_(std::make_unique<Families>()) {
    families_->all.reserve(std::size(catalogue));
    for (const Family& family : catalogue)
        families_->all.push_back(
            {std::string{family.name}, std::string{family.help}, type_of(family.type), {}});
}

Exposition::~Exposition() = default;

void Exposition::add(FamilyName name, double value, LabelValues values) {
    assert((*name).type != Type::histogram);
    prometheus::ClientMetric added = series(*name, values);
    if ((*name).type == Type::counter)
        added.counter.value = value;
    else
        added.gauge.value = value;
    families_->all[name.index()].metric.push_back(std::move(added));
}

void Exposition::add(FamilyName name, const Histogram& histogram, LabelValues values) {
    assert((*name).type == Type::histogram);
    prometheus::ClientMetric added = series(*name, values);
    auto& shown = added.histogram;
    shown.bucket.reserve(histogram.bounds().size() + 1);
    for (std::size_t bucket = 0; bucket <= histogram.bounds().size(); ++bucket) {
        shown.sample_count += histogram.count(bucket);
        shown.bucket.push_back({shown.sample_count, bucket < histogram.bounds().size()
                                                        ? seconds(histogram.bounds()[bucket])
                                                        : std::numeric_limits<double>::infinity()});
    }
    shown.sample_sum = seconds(histogram.sum());
    families_->all[name.index()].metric.push_back(std::move(added));
}

std::string Exposition::text() && {
    std::erase_if(families_->all,
                  [](const prometheus::MetricFamily& family) { return family.metric.empty(); });
    return prometheus::TextSerializer{}.Serialize(families_->all);
}

}  // namespace nlwatch::metrics
