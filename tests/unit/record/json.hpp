// What the tests ask of JSON text, behind one compiled file.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace nlwatch::test {

bool is_json(std::string_view text);
bool has_unique_names(std::string_view text);  // no object in it has two members of one name

// The value at a JSON pointer ("/object/flags/0"), as JSON; "" if there is none, or no JSON.
std::string at(std::string_view text, const std::string& pointer);
std::vector<std::string> members(std::string_view object);  // their names, in their order
// JSON pointers to all that is no object; a list is one value.
std::vector<std::string> leaves(std::string_view object);

// With sorted names: equal texts say the same.
std::string normal(std::string_view text);
// The object before a change: `before` put over `object`, null taking a member away. Normal.
std::string undone(std::string_view object, std::string_view before);

}  // namespace nlwatch::test
