// docs/api/openapi.yaml describes what the collector answers: every route, its parameters and
// whether it takes a body; and nothing else.
#include <fstream>
#include <sstream>

#include "checks/yaml/strict_yaml.h"
#include "tests/unit/collector/api/world.h"
#include "tests/unit/source_file.h"

namespace assay::collector::api {
namespace {

using checks::yaml::Mapping;
using checks::yaml::Problems;

constexpr std::size_t kMaxDepth = 16;

// A document as JSON, all scalars as texts.
Json json_of(const checks::yaml::Value& value, std::size_t depth = 0) {
  if (depth > kMaxDepth || value.is_null()) return nullptr;
  if (value.is_sequence()) {
    Json out = Json::array();
    for (const auto& item : value.items()) out.push_back(json_of(item, depth + 1));
    return out;
  }
  if (!value.is_mapping()) return value.text();
  Json out = Json::object();
  Mapping mapping(value);
  for (const auto& [name, there] : mapping.entries()) out[name] = json_of(there, depth + 1);
  return out;
}

// "/hosts/{host}/scan" is "/hosts/*/scan" to the router.
std::string pattern_of(const std::string& path) {
  std::string out;
  bool is_open = false;
  for (const char c : path) {
    if (c == '{') out += '*';
    is_open = c == '{' || (is_open && c != '}');
    if (!is_open && c != '}') out += c;
  }
  return out;
}

std::string name_of_method(Method method) {
  auto name = std::string(name_of(method));
  for (auto& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return name;
}

class OpenApiTest : public World {
 protected:
  void SetUp() override {
    std::ifstream file(source_file("docs/api/openapi.yaml"));
    std::stringstream text;
    text << file.rdbuf();
    Problems problems;
    const auto value = checks::yaml::parse(text.str(), "openapi.yaml", &problems);
    ASSERT_TRUE(value && problems.empty());
    document_ = json_of(*value);
    ASSERT_TRUE(problems.empty()) << problems.to_error().message();
  }
  // What a $ref stands for; anything else is itself.
  const Json& resolved(const Json& value) const {
    const auto reference = value.is_object() ? value.find("$ref") : value.end();
    if (!value.is_object() || reference == value.end()) return value;
    const auto text = reference->get<std::string>();
    return document_.at(Json::json_pointer(text.substr(1)));
  }
  // "cursor host limit": the parameters of an operation that are in the query, or the path.
  std::string parameters(const Json& operation, const std::string& place) const {
    std::set<std::string> names;
    for (const auto& item : operation.value("parameters", Json::array())) {
      const auto& parameter = resolved(item);
      if (parameter.at("in") == place) names.insert(parameter.at("name").get<std::string>());
    }
    return joined(names);
  }
  static std::string joined(const std::set<std::string>& names) {
    std::string out;
    for (const auto& name : names) out += (out.empty() ? "" : " ") + name;
    return out;
  }
  // Calls `look(method, path, operation)` for each operation.
  template <typename Look>
  void for_each_operation(Look look) const {
    for (const auto& [path, methods] : document_.at("paths").items())
      for (const auto& [method, operation] : methods.items()) look(method, path, operation);
  }

  Json document_;
};

TEST_F(OpenApiTest, EveryRouteIsDescribedAndNothingElse) {
  std::set<std::string> routes;
  for (const auto& route : router_->entries())
    EXPECT_TRUE(routes.insert(name_of_method(route.method) + " " + route.pattern).second)
        << route.pattern << " is there twice";
  std::set<std::string> described;
  for_each_operation([&](const std::string& method, const std::string& path, const Json&) {
    described.insert(method + " " + pattern_of(path));
    EXPECT_TRUE(routes.contains(method + " " + pattern_of(path)))
        << path << ": the collector has no such route";
  });
  for (const auto& route : routes)
    EXPECT_TRUE(described.contains(route)) << route << " is not in openapi.yaml";
  EXPECT_GT(described.size(), 30U);
}

TEST_F(OpenApiTest, ParametersAndBodiesAreThoseThatAreTaken) {
  for (const auto& route : router_->entries())
    for_each_operation(
        [&](const std::string& method, const std::string& path, const Json& operation) {
          if (method != name_of_method(route.method) || pattern_of(path) != route.pattern) return;
          const std::set<std::string> accepted(route.accepted.begin(), route.accepted.end());
          EXPECT_EQ(parameters(operation, "query"), joined(accepted)) << method << " " << path;
          EXPECT_EQ(operation.contains("requestBody"), route.takes_body) << method << " " << path;
        });
}

TEST_F(OpenApiTest, OpenSegmentsAreParametersAndEveryAnswerIsSomewhere) {
  for_each_operation(
      [&](const std::string& method, const std::string& path, const Json& operation) {
        std::set<std::string> open;
        for (std::size_t at = path.find('{'); at != std::string::npos; at = path.find('{', at + 1))
          open.insert(path.substr(at + 1, path.find('}', at) - at - 1));
        EXPECT_EQ(parameters(operation, "path"), joined(open)) << method << " " << path;
        EXPECT_FALSE(operation.at("summary").get<std::string>().empty());
        EXPECT_TRUE(operation.at("responses").contains("default") || path == "/healthz")
            << method << " " << path << ": what of a refusal?";
      });
  // A $ref anywhere that leads nowhere throws.
  std::vector<const Json*> left = {&document_};
  std::size_t count = 0;
  while (!left.empty()) {
    const auto* value = left.back();
    left.pop_back();
    if (value->is_object() && value->contains("$ref")) ++count;
    EXPECT_NO_THROW((void)resolved(*value)) << value->dump();
    if (value->is_structured())
      for (const auto& item : *value) left.push_back(&item);
  }
  EXPECT_GT(count, 50U);
}

}  // namespace
}  // namespace assay::collector::api
