// /api/v1/query
#include "collector/api/json_body.h"
#include "collector/api/records.h"
#include "collector/api/service.h"
#include "collector/records/host_scope.h"
#include "collector/search/fleet_search.h"
#include "evidence/refusal.h"

namespace assay::collector::api {

namespace {

constexpr std::size_t kMostSqlBytes = 32U << 10U;

Json named(const std::vector<FleetAnswer::NamedHost>& hosts) {
  Json all = Json::array();
  for (const auto& host : hosts)
    all.push_back({{"id", host.id}, {"name", to_json(evidence::Value(host.name))}});
  return all;
}

// Cells in the order of the columns: a query may give two of them one name.
Json rows_of(const FleetAnswer::Hit& hit) {
  Json rows = Json::array();
  for (const auto& row : hit.rows) {
    Json cells = Json::array();
    for (const auto& value : row) cells.push_back(to_json(value));
    rows.push_back(std::move(cells));
  }
  return rows;
}

std::int64_t count_of(const auto& all) {
  std::int64_t count = 0;
  for (const auto& one : all) count += static_cast<std::int64_t>(one.hosts.size());
  return count;
}

Json json_of(const FleetAnswer& answer, const std::optional<evidence::Seconds>& as_of) {
  Json json = {{"items", Json::array()},
               {"columns", answer.columns},
               {"tables", answer.tables},
               {"as_of", to_json(as_of)},
               {"hosts",
                {{"asked", answer.asked},
                 {"with_rows", count_of(answer.hits)},
                 {"without_rows", answer.without_rows},
                 {"not_answered", count_of(answer.gaps)},
                 {"stale", named(answer.stale)}}},
               {"not_answered", Json::array()},
               {"distinct", answer.distinct},
               {"is_cut", answer.is_cut}};
  for (const auto& hit : answer.hits)
    json["items"].push_back(
        {{"hosts", named(hit.hosts)}, {"row_count", hit.row_count}, {"rows", rows_of(hit)}});
  for (const auto& gap : answer.gaps)
    json["not_answered"].push_back(
        {{"reason", to_json(evidence::Value(gap.reason))}, {"hosts", named(gap.hosts)}});
  return json;
}

Result<std::size_t> limit_in(const Json& body) {
  const auto found = body.find("limit");
  if (found == body.end() || found->is_null()) return FleetQuestion().most_rows;
  if (!found->is_number_integer() || found->get<std::int64_t>() < 1 ||
      found->get<std::int64_t>() > static_cast<std::int64_t>(kMostFleetRows))
    return refuse(Code::kUsage, {"limit: a number of 1 to {}", "limit：請填 1 至 {} 的整數"},
                  kMostFleetRows);
  return found->get<std::size_t>();
}

// Which hosts are asked: those that are named, those in the groups that are, or all.
Result<std::function<bool(const Host&)>> wanted_in(const Service& service, const Json& body,
                                                   std::optional<evidence::Seconds> as_of) {
  const auto hosts = hosts_in(service, body, kMaxRecordHosts);
  if (!hosts) return fail(hosts.error());
  const auto groups = groups_in(service, body, kMaxRecordGroups);
  if (!groups) return fail(groups.error());
  if (hosts->empty() && groups->empty()) return nullptr;
  GroupMembers members;
  if (!groups->empty()) {
    auto read = group_members(service, as_of);
    if (!read) return fail(read.error());
    members = std::move(*read);
  }
  return [scope = HostScope(*hosts, *groups, members)](const Host& host) {
    return scope.covers(host.id);
  };
}

Result<FleetQuestion> question_in(const Service& service, const ApiRequest& request) {
  const auto body = body_in(request, {"sql", "as-of", "hosts", "groups", "limit"});
  if (!body) return fail(body.error());
  FleetQuestion question;
  auto sql = text_in(*body, "sql");
  if (!sql) return fail(sql.error());
  if (sql->empty()) return refuse(Code::kUsage, {"sql: one SELECT", "sql：只能是一句 SELECT"});
  if (sql->size() > kMostSqlBytes)
    return refuse(Code::kUsage, {"sql: over 32 KiB", "sql：超過 32 KiB"});
  question.sql = std::move(*sql);
  const auto as_of = text_in(*body, "as-of");
  if (!as_of) return fail(as_of.error());
  if (!as_of->empty()) {
    const auto time = time_in(*as_of, "as-of");
    if (!time) return fail(time.error());
    question.as_of = *time;
  }
  const auto limit = limit_in(*body);
  if (!limit) return fail(limit.error());
  question.most_rows = *limit;
  auto wanted = wanted_in(service, *body, question.as_of);
  if (!wanted) return fail(wanted.error());
  question.is_wanted = std::move(*wanted);
  question.now = service.now();
  question.stale_after = service.stale_after;
  question.is_abandoned = request.is_abandoned;
  return question;
}

}  // namespace

void add_query(Router& router, const Service& service) {
  auto search = service.search;
  if (search == nullptr) search = std::make_shared<FleetSearch>(service.store);
  // It changes nothing: whoever may see everything may ask.
  router.post_with_body(
      "/api/v1/query", Role::kAuditor,
      [&service, search](const ApiRequest& request) -> Result<ApiResponse> {
        const auto question = question_in(service, request);
        if (!question) return fail(question.error());
        const auto answer = search->ask(*service.content, *question);
        if (!answer) return fail(answer.error());
        return json_response(json_of(*answer, question->as_of));
      },
      kMaxScopedBodyBytes);
}

}  // namespace assay::collector::api
