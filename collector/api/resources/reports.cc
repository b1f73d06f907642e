// /api/v1/reports: what changed in each week, as it was kept.
#include <mutex>

#include "collector/api/weekly_report.h"
#include "evidence/refusal.h"

namespace assay::collector::api {

namespace {

// Of each collector one at a time is being made again: it is held.
std::mutex& turn() {
  static std::mutex one;
  return one;
}

Json to_json(const ReportRecord& report) {
  return {{"week", report.week},
          {"since", api::to_json(report.since)},
          {"until", api::to_json(report.until)},
          {"sha256", report.digest.hex()},
          {"made_at", api::to_json(report.at)},
          {"act", report.act}};
}

// A week that is named as one; "latest" is the last one that was made.
Result<ReportRecord> report_in(const Service& service, const ApiRequest& request) {
  if (request.parameter != "latest") {
    const auto week = week_named(request.parameter);
    if (!week) return fail(week.error());
    return service.store.report(week->name);
  }
  auto latest = service.store.reports({"", 1});
  if (!latest) return fail(latest.error());
  if (latest->items.empty())
    return refuse(Code::kNotFound,
                  {"no weekly report was made yet: the first comes when the first week is over",
                   "尚無週報：第一週結束後即會製作"});
  return std::move(latest->items.front());
}

Result<ApiResponse> list(const Service& service, const ApiRequest& request) {
  const auto page = page_in(request);
  if (!page) return fail(page.error());
  const auto reports = service.store.reports(*page);
  if (!reports) return fail(reports.error());
  Json items = Json::array();
  for (const auto& report : reports->items) items.push_back(to_json(report));
  return json_response(page_of(std::move(items), reports->next));
}

// kConflict where the evidence of that week is not whole any more.
Status check_kept_since(const Service& service, const ReportRecord& report) {
  return for_each([&](const PageRequest& page) { return service.store.removals(page); },
                  [&](const Removal& removal) -> Status {
                    if (removal.horizon <= report.since) return {};
                    return refuse(Code::kConflict,
                                  {"{} cannot be made again: evidence of then was removed when its "
                                   "time was over",
                                   "{} 無法重製：當時的證據已於保存期限屆滿後移除"},
                                  report.week);
                  });
}

// With `again=true` also what it would be if it were made now.
Result<ApiResponse> show(const Service& service, const ApiRequest& request) {
  const auto again = request.text("again");
  if (!again.empty() && again != "true")
    return refuse(Code::kUsage, {"again: true, or nothing", "again：只能是 true 或省略"});
  const auto report = report_in(service, request);
  if (!report) return fail(report.error());
  auto json = to_json(*report);
  if (again.empty()) return json_response(json);
  const std::unique_lock lock(turn(), std::try_to_lock);
  if (!lock)
    return refuse(Code::kUnavailable, {"another report is being made again; try again in a moment",
                                       "正在重製另一份週報，請稍後再試"});
  if (const auto kept = check_kept_since(service, *report); !kept) return fail(kept.error());
  const auto content = weekly_report(service, {report->week, report->since, report->until});
  if (!content) return fail(content.error());
  const auto digest = evidence::sha256(*content);
  json["again_sha256"] = digest.hex();
  json["is_same"] = digest == report->digest;
  return json_response(json);
}

Result<ApiResponse> content(const Service& service, const ApiRequest& request) {
  const auto report = report_in(service, request);
  if (!report) return fail(report.error());
  auto bytes = service.store.report_content(report->week);
  if (!bytes) return fail(bytes.error());
  ApiResponse response;
  response.body = std::move(*bytes);
  return response;
}

}  // namespace

void add_reports(Router& router, const Service& service) {
  router.get("/api/v1/reports", {"limit", "cursor"},
             [&service](const ApiRequest& request) { return list(service, request); });
  router.get("/api/v1/reports/*", {"again"},
             [&service](const ApiRequest& request) { return show(service, request); });
  router.get("/api/v1/reports/*/content", {},
             [&service](const ApiRequest& request) { return content(service, request); });
}

}  // namespace assay::collector::api
