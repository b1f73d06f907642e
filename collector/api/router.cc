#include "collector/api/router.h"

#include <algorithm>

#include "checks/yaml/strict_yaml.h"
#include "evidence/refusal.h"

namespace assay::collector::api {

namespace {

std::vector<std::string> segments_of(std::string_view path) {
  std::vector<std::string> segments;
  while (!path.empty()) {
    path.remove_prefix(1);  // the slash
    const auto end = std::min(path.find('/'), path.size());
    segments.emplace_back(path.substr(0, end));
    path.remove_prefix(end);
  }
  return segments;
}

}  // namespace

bool Router::Route::matches(const std::vector<std::string>& path) const {
  if (path.size() < segments.size() || (path.size() > segments.size() && !is_open_ended))
    return false;
  return std::equal(segments.begin(), segments.end(), path.begin(),
                    [](const std::string& pattern, const std::string& there) {
                      return pattern == "*" ? !there.empty() : pattern == there;
                    });
}

void Router::get(std::string_view pattern, std::vector<std::string> accepted, Handler handler) {
  routes_.push_back({Method::kGet, Role::kAuditor, segments_of(pattern), std::move(accepted), 0,
                     std::move(handler), false});
}

void Router::get_below(std::string_view pattern, Handler handler) {
  get(pattern, {}, std::move(handler));
  routes_.back().is_open_ended = true;
}

void Router::post(std::string_view pattern, Role least, Handler handler) {
  routes_.push_back({Method::kPost, least, segments_of(pattern), {}, 0, std::move(handler), false});
}

void Router::post_with_body(std::string_view pattern, Role least, Handler handler,
                            std::size_t max_body) {
  routes_.push_back({Method::kPost, least, segments_of(pattern), {}, max_body, std::move(handler), false});
}

void Router::upload(std::string_view pattern, Role least, std::vector<std::string> accepted,
                    Handler handler) {
  routes_.push_back({Method::kPost, least, segments_of(pattern), std::move(accepted),
                     kMaxUploadBytes, std::move(handler), false});
}

void Router::put(std::string_view pattern, Role least, std::size_t max_body, Handler handler) {
  routes_.push_back({Method::kPut, least, segments_of(pattern), {}, max_body, std::move(handler), false});
}

std::vector<Router::Entry> Router::entries() const {
  std::vector<Entry> out;
  for (const auto& route : routes_) {
    std::string pattern;
    for (const auto& segment : route.segments) pattern += "/" + segment;
    out.push_back({route.method, std::move(pattern), route.accepted, route.max_body > 0});
  }
  return out;
}

const Router::Route* Router::find(const ApiRequest& request, ApiResponse* refusal) const {
  std::string methods;
  for (const auto& known : routes_) {
    if (!known.matches(request.path)) continue;
    if (known.method == request.method) return may_use(known, request.person, refusal);
    methods += methods.empty() ? "" : ", ";
    methods += known.method == Method::kGet ? "GET, HEAD" : name_of(known.method);
  }
  if (methods.empty()) {
    *refusal = error_response(404, "not_found", phrase({"there is nothing here", "沒有這個位址"}));
    return nullptr;
  }
  *refusal = error_response(
      405, "usage",
      methods == "GET, HEAD" ? phrase({"this can only be read", "這項資料只能讀取"})
                             : phrase({"this is only answered to {}", "此處只接受 {}"}, methods));
  refusal->headers.emplace_back("Allow", methods);
  return nullptr;
}

const Router::Route* Router::may_use(const Route& route, const Person& person,
                                     ApiResponse* refusal) {
  if (person.role >= route.least) return &route;
  *refusal =
      error_response(403, name_of(Code::kRefused),
                     phrase({"your role is {}; this needs {}", "您的角色是 {}；這項操作需要 {}"},
                            name_of(person.role), name_of(route.least)));
  return nullptr;
}

std::size_t Router::max_body(const ApiRequest& request, ApiResponse* refusal) const {
  const auto* route = find(request, refusal);
  return route == nullptr ? 0 : route->max_body;
}

ApiResponse Router::answer(ApiRequest request) const {
  ApiResponse refusal;
  const auto* route = find(request, &refusal);
  if (route == nullptr) return refusal;
  if (!request.body.empty() && route->max_body == 0)
    return error_response(400, "usage",
                          phrase({"this request has a body, which nothing here reads",
                                  "這個請求附有內容，但此處不讀取任何內容"}));
  if (request.body.size() > route->max_body)
    return error_response(413, "too_large",
                          phrase({"the request's body is too large", "請求的內容過大"}));
  for (const auto& [name, value] : request.query) {
    if (std::ranges::find(route->accepted, name) != route->accepted.end()) continue;
    return error_response(400, "usage",
                          phrase({"unknown parameter \"{}\"{}", "無法辨識的參數「{}」{}"}, name,
                                 checks::yaml::suggested(name, route->accepted)));
  }
  for (std::size_t i = 0; i < route->segments.size(); ++i)
    if (route->segments[i] == "*") request.parameter = request.path[i];
  try {
    auto response = route->handler(request);
    return response ? std::move(*response) : error_response(response.error());
  } catch (const std::exception& error) {  // a damaged JSON text in the store, or no memory
    return error_response(Error(Code::kInternal, error.what()));
  }
}

}  // namespace assay::collector::api
