// /api/v1/content: what hosts are judged by, how old it is, and why nothing newer is.
#include "collector/api/service.h"

namespace assay::collector::api {

void add_content(Router& router, const Service& service) {
  router.get("/api/v1/content", {}, [&service](const ApiRequest&) -> Result<ApiResponse> {
    const auto state = service.content_state ? service.content_state() : state_of(*service.content);
    return json_response(to_json(state, service.now()));
  });
}

}  // namespace assay::collector::api
