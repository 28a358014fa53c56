#include "metrics/catalogue.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace nlwatch::metrics {
namespace {

bool ends_with(std::string_view text, std::string_view end) { return text.ends_with(end); }

TEST(Catalogue, NamesEachFamilyOnce) {
    std::set<std::string_view> names;
    for (const Family& family : catalogue) EXPECT_TRUE(names.insert(family.name).second) << family.name;
}

TEST(Catalogue, NamesSayUnitAndType) {
    for (const Family& family : catalogue) {
        EXPECT_TRUE(family.name.starts_with("nlwatch_") || family.name.starts_with("process_"))
            << family.name;
        EXPECT_EQ(ends_with(family.name, "_total"), family.type == Type::counter) << family.name;
        const std::string suffix = family.type == Type::counter ? "_total" : "";
        EXPECT_EQ(ends_with(family.name, "_seconds" + suffix), family.unit == Unit::seconds) << family.name;
        EXPECT_EQ(ends_with(family.name, "_bytes" + suffix), family.unit == Unit::bytes) << family.name;
    }
}

// The serializer writes help as it is.
TEST(Catalogue, HelpIsOneLine) {
    for (const Family& family : catalogue) {
        EXPECT_FALSE(family.help.empty()) << family.name;
        EXPECT_EQ(family.help.find_first_of("\\\n"), std::string_view::npos) << family.name;
        EXPECT_FALSE(ends_with(family.help, ".")) << family.name;
    }
}

TEST(Catalogue, HistogramsHaveAscendingBuckets) {
    for (const Family& family : catalogue) {
        EXPECT_EQ(!family.buckets.empty(), family.type == Type::histogram) << family.name;
        for (std::size_t i = 1; i < family.buckets.size(); ++i)
            EXPECT_LT(family.buckets[i - 1], family.buckets[i]) << family.name;
    }
}

TEST(Catalogue, LabelsAndTheirValuesAreDistinct) {
    for (const Family& family : catalogue) {
        std::set<std::string_view> labels;
        for (const Label& label : family.labels) {
            EXPECT_TRUE(labels.insert(label.name).second) << family.name;
            const std::set<std::string_view> values(label.values.begin(), label.values.end());
            EXPECT_EQ(values.size(), label.values.size()) << family.name << ' ' << label.name;
        }
    }
}

TEST(FamilyName, FindsItsFamily) {
    EXPECT_EQ((*FamilyName{"nlwatch_link_up"}).name, "nlwatch_link_up");
    EXPECT_EQ(FamilyName{"nlwatch_build_info"}.index(), 0u);
}

}  // namespace
}  // namespace nlwatch::metrics
