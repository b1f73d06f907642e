#include "agent/scan/report.h"

#include <sys/resource.h>
#include <time.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "evidence/timestamp.h"
#include "evidence/value_json.h"

namespace assay::agent {

namespace {

using nlohmann::ordered_json;

std::pair<std::string, ordered_json> member(const char* name, ordered_json value) {
  return {name, std::move(value)};
}

// An object of these members. A braced list would make an array of each first, and a report has
// some ten thousand.
template <class... Members>
ordered_json object(Members&&... members) {
  ordered_json::object_t out;
  out.reserve(sizeof...(members));
  (out.emplace_back(std::forward<Members>(members)), ...);
  return out;
}

ordered_json write(const std::vector<checks::ResultRow>& rows) {
  auto out = ordered_json::array();
  for (const auto& row : rows) {
    auto object = ordered_json::object();
    for (const auto& [name, value] : row.cells)
      object[name] = evidence::json_of<ordered_json>(value);
    out.push_back(std::move(object));
  }
  return out;
}

ordered_json write(const std::map<std::string, evidence::Value>& parameters) {
  auto out = ordered_json::object();
  for (const auto& [name, value] : parameters) out[name] = evidence::json_of<ordered_json>(value);
  return out;
}

ordered_json write(const checks::Verdict& verdict) {
  return object(
      member("frameworks", verdict.frameworks()), member("parameters", write(verdict.parameters())),
      member("state", checks::name_of(verdict.result->state)),
      member("reason", verdict.result->reason), member("row_count", verdict.result->row_count));
}

ordered_json checks_of(const Report& report) {
  std::map<std::string, std::vector<const checks::Verdict*>> by_check;
  for (const auto& verdict : report.verdicts) by_check[verdict.check().id].push_back(&verdict);
  auto out = ordered_json::array();
  for (const auto& [id, verdicts] : by_check) {
    const auto& verdict = checks::spokesman(verdicts);
    const auto& check = verdict.check();
    auto each_verdict = ordered_json::array();
    for (const auto* each : verdicts) each_verdict.push_back(write(*each));
    out.push_back(object(
        member("id", id), member("state", checks::name_of(verdict.result->state)),
        member("severity", checks::name_of(check.severity)),
        member("reason", verdict.result->reason), member("rows", write(verdict.result->rows)),
        member("row_count", verdict.result->row_count),
        member("parameters", write(verdict.parameters())),
        member("title", object(member("en", check.title.en), member("zh-TW", check.title.zh_tw))),
        member("facts", write(verdict.result->facts)), member("tables", check.tables),
        member("verdicts", std::move(each_verdict))));
  }
  return out;
}

ordered_json frameworks_of(const Report& report) {
  auto out = ordered_json::array();
  for (const auto& state : report.frameworks) {
    auto controls = ordered_json::array();
    for (const auto& control : state.controls)
      controls.push_back(
          object(member("id", control.control->id), member("state", checks::name_of(control.state)),
                 member("automated", checks::name_of(control.automated)),
                 member("mode", checks::name_of(control.control->mode)),
                 member("reason", control.reason), member("checks", control.checks)));
    ordered_json item = {{"id", state.framework->id}, {"edition", state.framework->edition}};
    if (state.score)
      item["score"] = *state.score;
    else
      item["score"] = nullptr;
    item["coverage"] = state.coverage;
    item["controls_in_document"] = state.framework->controls_in_document;
    item["controls"] = std::move(controls);
    out.push_back(std::move(item));
  }
  return out;
}

// Peak resident memory of this program. Not getrusage's: that one is inherited from whoever
// started us.
std::int64_t peak_resident_bytes() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:")) return std::stoll(line.substr(6)) * 1024;
  return 0;
}

}  // namespace

Costs costs_so_far() {
  Costs costs;
  rusage usage{};
  (void)getrusage(RUSAGE_SELF, &usage);  // cannot fail for RUSAGE_SELF
  const auto milliseconds = [](const timeval& time) {
    return static_cast<std::int64_t>(time.tv_sec) * 1000 + time.tv_usec / 1000;
  };
  costs.cpu_milliseconds = milliseconds(usage.ru_utime) + milliseconds(usage.ru_stime);
  costs.peak_bytes = peak_resident_bytes();
  return costs;
}

ordered_json to_json(const Report& report) {
  const auto& scan = *report.scan;
  ordered_json out;
  out["host"] = {{"id", report.host_id},
                 {"name", report.host_name},
                 {"profile", report.profile},
                 {"agent_version", ASSAY_VERSION},
                 {"started", evidence::to_timestamp(scan.started)},
                 {"ended", evidence::to_timestamp(scan.ended)}};
  out["tables"] = ordered_json::array();
  for (const auto& table : scan.tables)
    out["tables"].push_back(
        {{"name", table.name},
         {"status", table.is_ok() ? "ok" : "unavailable"},
         {"reason", table.reason},
         {"rows", table.row_count},
         {"digest", table.digest ? ordered_json(table.digest->hex()) : ordered_json(nullptr)},
         {"ms", table.milliseconds},
         {"cpu_us", table.cost.cpu.count()}});
  out["checks"] = checks_of(report);
  out["frameworks"] = frameworks_of(report);
  out["costs"] = {{"wall_ms", report.costs.wall_milliseconds},
                  {"cpu_ms", report.costs.cpu_milliseconds},
                  {"peak_bytes", report.costs.peak_bytes}};
  return out;
}

}  // namespace assay::agent
