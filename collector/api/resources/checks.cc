// /api/v1/checks and /api/v1/checks/{id}: what is asked of machines, and the SQL that asks.
#include "collector/api/present.h"
#include "collector/api/service.h"
#include "evidence/refusal.h"

namespace assay::collector::api {

void add_checks(Router& router, const Service& service) {
  router.get("/api/v1/checks", {}, [&service](const ApiRequest&) -> Result<ApiResponse> {
    Json items = Json::array();
    for (const auto& check : service.content->checks) items.push_back(to_json(check, *service.content));
    return json_response(page_of(std::move(items), {}));
  });
  router.get("/api/v1/checks/*", {}, [&service](const ApiRequest& request) -> Result<ApiResponse> {
    const auto* check = service.content->check(request.parameter);
    if (check == nullptr)
      return refuse(Code::kNotFound, {"no check {}", "找不到檢查 {}"}, request.parameter);
    return json_response(to_json(*check, *service.content));
  });
}

}  // namespace assay::collector::api
