// /api/v1/diff: what changed between two moments, kept apart by why.
#include "collector/api/change.h"
#include "evidence/refusal.h"

namespace assay::collector::api {

void add_diff(Router& router, const Service& service) {
  router.get("/api/v1/diff", {"from", "to", "host"},
             [&service](const ApiRequest& request) -> Result<ApiResponse> {
               if (request.text("from").empty())
                 return refuse(Code::kUsage, {"from: is missing", "from：未填寫"});
               const auto from = time_in(request.text("from"), "from");
               if (!from) return fail(from.error());
               const auto to = request.text("to").empty() ? Result<evidence::Seconds>(service.now())
                                                          : time_in(request.text("to"), "to");
               if (!to) return fail(to.error());
               if (*to < *from) return refuse(Code::kUsage, {"from: is after to", "from：晚於 to"});
               const auto host = service.host_id_in(request);
               if (!host) return fail(host.error());
               const auto json = difference(service, *host, *from, *to);
               if (!json) return fail(json.error());
               return json_response(*json);
             });
}

}  // namespace assay::collector::api
