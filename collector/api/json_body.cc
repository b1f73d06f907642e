#include "collector/api/json_body.h"

#include <algorithm>

#include "checks/yaml/strict_yaml.h"

namespace assay::collector::api {
namespace {

void sort_and_unite(std::vector<std::string>* names) {
  std::ranges::sort(*names);
  const auto rest = std::ranges::unique(*names);
  names->erase(rest.begin(), rest.end());
}

}  // namespace

Result<Json> object_in(const ApiRequest& request) {
  constexpr int kMaxDepth = 6;
  bool is_too_deep = false;
  auto json = Json::parse(
      request.body,
      [&](int depth, Json::parse_event_t, Json&) {
        is_too_deep = is_too_deep || depth > kMaxDepth;
        return depth <= kMaxDepth;
      },
      false);
  if (is_too_deep || !json.is_object())
    return fail(Code::kUsage, "the request's body is no JSON object");
  return json;
}

Result<Json> body_in(const ApiRequest& request, const std::vector<std::string>& accepted) {
  if (request.body.empty()) return Json::object();
  auto body = object_in(request);
  if (!body) return body;
  for (const auto& [name, value] : body->items()) {
    if (std::ranges::find(accepted, name) != accepted.end()) continue;
    const auto likely = checks::yaml::nearest(name, accepted);
    return fail(Code::kUsage, "unknown name \"" + name.substr(0, 64) + "\"" +
                                  (likely ? "; did you mean \"" + *likely + "\"?" : ""));
  }
  return body;
}

Result<std::string> text_in(const Json& body, const std::string& name) {
  const auto found = body.find(name);
  if (found == body.end() || found->is_null()) return std::string();
  if (!found->is_string()) return fail(Code::kUsage, name + ": is no text");
  return found->get<std::string>();
}

Result<std::vector<std::string>> texts_in(const Json& body, const std::string& name,
                                          std::size_t most) {
  std::vector<std::string> texts;
  const auto found = body.find(name);
  if (found == body.end() || found->is_null()) return texts;
  if (!found->is_array()) return fail(Code::kUsage, name + ": is no list");
  if (found->size() > most) return fail(Code::kUsage, name + ": more than " + std::to_string(most));
  for (const auto& item : *found) {
    if (!item.is_string() || item.get_ref<const std::string&>().empty())
      return fail(Code::kUsage, name + ": holds something that is no text");
    texts.push_back(item.get<std::string>());
  }
  sort_and_unite(&texts);
  return texts;
}

Result<std::vector<std::string>> hosts_in(const Service& service, const Json& body,
                                          std::size_t most) {
  const auto names = texts_in(body, "hosts", most);
  if (!names) return names;
  std::vector<std::string> ids;
  for (const auto& name : *names) {
    const auto host = service.find_host(name);
    if (!host) return fail(host.error());
    ids.push_back(host->id);
  }
  sort_and_unite(&ids);
  return ids;
}

}  // namespace assay::collector::api
