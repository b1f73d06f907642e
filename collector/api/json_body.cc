#include "collector/api/json_body.h"

#include <algorithm>
#include <map>

#include "checks/yaml/strict_yaml.h"
#include "collector/api/records.h"
#include "evidence/refusal.h"

namespace assay::collector::api {
namespace {

void sort_and_unite(std::vector<std::string>* names) {
  std::ranges::sort(*names);
  const auto rest = std::ranges::unique(*names);
  names->erase(rest.begin(), rest.end());
}

// All hosts by what they may be called, each id or name with the ids that it may mean.
Result<std::multimap<std::string, std::string>> names_of_hosts(const Service& service) {
  std::multimap<std::string, std::string> names;
  auto read = for_each([&](const PageRequest& page) { return service.store.hosts("", page); },
                       [&](const Host& host) -> Status {
                         names.emplace(host.id, host.id);
                         if (host.name != host.id) names.emplace(host.name, host.id);
                         return {};
                       });
  if (!read) return fail(read.error());
  return names;
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
    return refuse(Code::kUsage,
                  {"the request's body is no JSON object", "請求的內容不是 JSON 物件"});
  return json;
}

Result<Json> body_in(const ApiRequest& request, const std::vector<std::string>& accepted) {
  if (request.body.empty()) return Json::object();
  auto body = object_in(request);
  if (!body) return body;
  for (const auto& [name, value] : body->items()) {
    if (std::ranges::find(accepted, name) != accepted.end()) continue;
    return refuse(Code::kUsage, {"unknown name \"{}\"{}", "無法辨識的名稱「{}」{}"},
                  name.substr(0, 64), checks::yaml::suggested(name, accepted));
  }
  return body;
}

Result<std::string> text_in(const Json& body, const std::string& name) {
  const auto found = body.find(name);
  if (found == body.end() || found->is_null()) return std::string();
  if (!found->is_string()) return refuse(Code::kUsage, {"{}: is no text", "{}：不是文字"}, name);
  return found->get<std::string>();
}

Result<std::vector<std::string>> texts_in(const Json& body, const std::string& name,
                                          std::size_t most) {
  std::vector<std::string> texts;
  const auto found = body.find(name);
  if (found == body.end() || found->is_null()) return texts;
  if (!found->is_array()) return refuse(Code::kUsage, {"{}: is no list", "{}：不是清單"}, name);
  if (found->size() > most)
    return refuse(Code::kUsage, {"{}: more than {}", "{}：超過 {} 項"}, name, most);
  for (const auto& item : *found) {
    if (!item.is_string() || item.get_ref<const std::string&>().empty())
      return refuse(Code::kUsage, {"{}: holds something that is no text", "{}：含有不是文字的項目"},
                    name);
    texts.push_back(item.get<std::string>());
  }
  sort_and_unite(&texts);
  return texts;
}

Result<std::vector<std::string>> hosts_in(const Service& service, const Json& body,
                                          std::size_t most) {
  const auto names = texts_in(body, "hosts", most);
  if (!names) return names;
  // To look for a name reads all hosts: for many names that is done once.
  constexpr std::size_t kFew = 16;
  std::multimap<std::string, std::string> known;
  if (names->size() > kFew) {
    auto all = names_of_hosts(service);
    if (!all) return fail(all.error());
    known = std::move(*all);
  }
  std::vector<std::string> ids;
  for (const auto& name : *names) {
    if (known.count(name) == 1) {
      ids.push_back(known.find(name)->second);
      continue;
    }
    const auto host = service.find_host(name);  // a few, or one that is refused
    if (!host) return fail(host.error());
    ids.push_back(host->id);
  }
  sort_and_unite(&ids);
  return ids;
}

Result<std::vector<std::string>> groups_in(const Service& service, const Json& body,
                                           std::size_t most) {
  auto groups = texts_in(body, "groups", most);
  if (!groups || groups->empty()) return groups;
  const auto members = group_members(service, std::nullopt);
  if (!members) return fail(members.error());
  for (const auto& group : *groups)
    if (!members->contains(group))
      return refuse(Code::kNotFound, {"no host is in group {}", "群組 {} 中沒有任何主機"},
                    group.substr(0, kMaxGroupNameBytes));
  return groups;
}

}  // namespace assay::collector::api
