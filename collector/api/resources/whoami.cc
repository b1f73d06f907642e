// /healthz (nobody need log in) and /api/v1/whoami.
#include "collector/api/present.h"
#include "collector/api/service.h"
#include "evidence/refusal.h"

namespace assay::collector::api {

void add_whoami(Router& router, const Service& service) {
  router.get("/healthz", {}, [&service](const ApiRequest&) -> Result<ApiResponse> {
    // A collector whose database is away is not healthy.
    const auto asked = service.store.hosts("", {{}, 1});
    if (!asked)
      return error_response(503, name_of(asked.error().code()),
                            phrase({"the store is away", "資料庫目前無法使用"}));
    return json_response({{"status", "ok"}});
  });
  router.get("/api/v1/whoami", {}, [&service](const ApiRequest& request) -> Result<ApiResponse> {
    return json_response({{"name", request.person.name},
                          {"role", name_of(request.person.role)},
                          {"token", request.person.token_id},
                          {"collector",
                           {{"version", ASSAY_VERSION},
                            {"time", to_json(service.now())},
                            {"content", service.content->digest.hex()}}}});
  });
}

}  // namespace assay::collector::api
