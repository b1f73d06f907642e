// /api/v1/ledger/timestamps: what time-stamp authorities said of the ledger's checkpoints (RFC
// 3161).
#include <charconv>

#include "collector/api/present.h"
#include "collector/api/service.h"
#include "evidence/ledger/time_stamp_token.h"
#include "evidence/refusal.h"

namespace assay::collector::api {

namespace {

// As ETSI registered it; RFC 3161 itself has types for queries and replies alone.
constexpr std::string_view kToken = "application/vnd.etsi.timestamp-token";

Json to_json(const StoredTimeStamp& stamp) {
  // Whoever signed it is read out of it, and vouched for by nobody here.
  const auto read = evidence::read_time_stamp(stamp.token);
  Json json;
  json["number"] = stamp.number;
  json["size"] = stamp.size;
  json["at"] = api::to_json(stamp.at);
  json["authority"] = read ? Json(read->authority) : Json();
  json["serial"] = read ? Json(read->serial) : Json();
  json["checkpoint"] = stamp.note;
  return json;
}

Result<ApiResponse> list(const Service& service, const ApiRequest& request) {
  const auto page = page_in(request);
  if (!page) return fail(page.error());
  const auto stamps = service.store.time_stamps(*page);
  if (!stamps) return fail(stamps.error());
  Json items = Json::array();
  for (const auto& stamp : stamps->items) items.push_back(to_json(stamp));
  return json_response(page_of(std::move(items), stamps->next));
}

Result<ApiResponse> download(const Service& service, const ApiRequest& request) {
  std::int64_t number = 0;
  const auto& text = request.parameter;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || parsed.ec != std::errc() || parsed.ptr != text.data() + text.size())
    return refuse(Code::kNotFound, {"no time stamp {}", "找不到時戳 {}"}, text);
  auto stamp = service.store.time_stamp(number);
  if (!stamp) return fail(stamp.error());
  ApiResponse response;
  response.content_type = kToken;
  response.body = std::move(stamp->token);
  response.headers.emplace_back("Content-Disposition", "attachment; filename=\"checkpoint-" +
                                                           std::to_string(stamp->size) + ".tst\"");
  return response;
}

}  // namespace

void add_time_stamps(Router& router, const Service& service) {
  router.get("/api/v1/ledger/timestamps", {"limit", "cursor"},
             [&service](const ApiRequest& request) { return list(service, request); });
  router.get("/api/v1/ledger/timestamps/*", {},
             [&service](const ApiRequest& request) { return download(service, request); });
}

}  // namespace assay::collector::api
