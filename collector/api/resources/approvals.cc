// /api/v1/approvals/{list}: the company's lists, who approved what and until when, and what stands
// on the machines without being on one.
#include "collector/api/fleet_review.h"
#include "collector/api/json_body.h"
#include "collector/api/present.h"
#include "collector/api/service.h"
#include "collector/records/approval_rows.h"
#include "evidence/refusal.h"

namespace assay::collector::api {

namespace {

// Rows of one request, as many as an operator's body may hold anyway.
constexpr std::size_t kMaxRows = 50'000;

Result<const ApprovalList*> list_in(const ApiRequest& request) {
  const auto* list = find_approval_list(request.parameter);
  if (list == nullptr)
    return refuse(Code::kNotFound, {"no list {}", "找不到清單 {}"}, request.parameter);
  return list;
}

std::string_view state_of(const Approval& approval, evidence::Seconds when) {
  if (approval.withdrawn && approval.withdrawn->at <= when) return "withdrawn";
  return approval.is_in_force(when) ? "in_force" : "ended";
}

Json to_json(const Approval& approval, evidence::Seconds when) {
  const auto& withdrawn = approval.withdrawn;
  return {{"id", approval.id},
          {"list", approval.list},
          {"row", parsed(approval.row)},
          {"state", state_of(approval, when)},
          {"until", approval.until.empty() ? Json(nullptr) : Json(approval.until)},
          {"note", approval.note},
          {"approved_by", approval.by.name},
          {"approved_at", api::to_json(approval.at)},
          {"withdrawn_by", withdrawn ? Json(withdrawn->by.name) : Json(nullptr)},
          {"withdrawn_at", withdrawn ? api::to_json(withdrawn->at) : Json(nullptr)},
          {"withdrawn_note", withdrawn ? Json(withdrawn->note) : Json(nullptr)}};
}

// The rows of the files, which only the files can change.
Json rows_of_files(const Service& service, const ApprovalList& list) {
  Json rows = Json::array();
  const auto reference = service.content->references.find(list.name);
  if (reference == service.content->references.end()) return rows;
  for (const auto& row : reference->second.table->rows()) {
    Json cells = Json::object();
    for (std::size_t i = 0; i < row.size(); ++i)
      if (!std::holds_alternative<std::monostate>(row[i]))
        cells[list.table().columns[i].name] = api::to_json(row[i]);
    rows.push_back(std::move(cells));
  }
  return rows;
}

ApiResponse lists(const Service& service) {
  Json items = Json::array();
  for (const auto& list : approval_lists()) {
    Json columns = Json::array();
    for (const auto& column : list.table().columns)
      if (!is_set_by_approval(column.name))
        columns.push_back({{"name", column.name},
                           {"type", column.type == evidence::Type::kText ? "text" : "integer"},
                           {"meaning", api::to_json(column.meaning)}});
    Json kinds = Json::array();
    for (const auto& seen : list.seen)
      if (!seen.kind.empty()) kinds.push_back(seen.kind);
    items.push_back({{"name", list.name},
                     {"title", api::to_json(list.title)},
                     {"columns", columns},
                     {"kinds", kinds},
                     {"is_learnt", !list.seen.empty()},
                     {"rows_of_files", rows_of_files(service, list).size()}});
  }
  return json_response(page_of(std::move(items), {}));
}

Result<ApiResponse> rows(const Service& service, const ApiRequest& request) {
  const auto list = list_in(request);
  if (!list) return fail(list.error());
  const auto page = page_in(request);
  if (!page) return fail(page.error());
  const auto as_of = Service::as_of_in(request);
  if (!as_of) return fail(as_of.error());
  const auto state = request.text("state");
  if (!state.empty() && state != "in_force" && state != "all")
    return refuse(Code::kUsage, {"state: in_force or all", "state：只能是 in_force 或 all"});
  const auto when = as_of->value_or(service.now());
  ApprovalFilter filter{(*list)->name, when};
  if (state == "all") filter.in_force = std::nullopt;
  const auto approvals = service.store.approvals(filter, *page);
  if (!approvals) return fail(approvals.error());
  Json items = Json::array();
  for (const auto& approval : approvals->items)
    if (approval.at <= when) items.push_back(to_json(approval, when));
  Json answer = page_of(std::move(items), approvals->next);
  answer["rows_of_files"] = rows_of_files(service, **list);
  return json_response(answer);
}

struct Wish {
  std::string until;
  std::string note;
};

Result<Wish> wish_in(const Json& body) {
  auto until = text_in(body, "until");
  if (!until) return fail(until.error());
  auto note = text_in(body, "note");
  if (!note) return fail(note.error());
  return Wish{std::move(*until), std::move(*note)};
}

Result<std::vector<Approval>> approvals_in(const ApprovalList& list, const Json& body,
                                           const ApiRequest& request, evidence::Seconds now) {
  const auto wish = wish_in(body);
  if (!wish) return fail(wish.error());
  for (const auto& [name, value] : body.items())
    if (name != "rows" && name != "until" && name != "note")
      return refuse(Code::kUsage,
                    {"\"{}\": only rows, until and note", "「{}」：只接受 rows、until 與 note"},
                    name.substr(0, 60));
  const auto found = body.find("rows");
  if (found == body.end() || !found->is_array() || found->empty())
    return refuse(Code::kUsage,
                  {"rows: a list of at least one row is missing", "rows：至少須有一列"});
  if (found->size() > kMaxRows)
    return refuse(Code::kUsage, {"rows: more than {} at once", "rows：一次最多 {} 列"}, kMaxRows);
  std::vector<Approval> approvals;
  for (std::size_t i = 0; i < found->size(); ++i) {
    auto row = approval_row(list, (*found)[i]);
    if (!row) return fail(row.error().within(phrase({"row {}", "第 {} 列"}, i + 1)));
    Approval approval;
    approval.list = list.name;
    approval.row = std::move(*row);
    approval.until = wish->until;
    approval.note = wish->note;
    approval.by = {request.person.token_id, request.person.name};
    approval.at = now;
    approvals.push_back(std::move(approval));
  }
  return approvals;
}

Result<ApiResponse> approve(const Service& service, const ApiRequest& request) {
  const auto list = list_in(request);
  if (!list) return fail(list.error());
  const auto body = object_in(request);
  if (!body) return fail(body.error());
  const auto approvals = approvals_in(**list, *body, request, service.now());
  if (!approvals) return fail(approvals.error());
  const auto counts = service.store.approve(*approvals);
  if (!counts) return fail(counts.error());
  if (counts->added > 0 && service.approvals_changed) service.approvals_changed();
  auto response = json_response({{"list", (*list)->name},
                                 {"added", counts->added},
                                 {"replaced", counts->replaced},
                                 {"unchanged", counts->unchanged}});
  response.subject = std::to_string(counts->added) + " rows";
  return response;
}

Result<std::vector<std::string>> ids_in(const Json& body) {
  const auto found = body.find("ids");
  if (found == body.end() || !found->is_array() || found->empty() || found->size() > kMaxRows)
    return refuse(Code::kUsage,
                  {"ids: a list of at least one id is missing", "ids：至少須有一個編號"});
  std::vector<std::string> ids;
  for (const auto& id : *found) {
    if (!id.is_string())
      return refuse(Code::kUsage, {"ids: is no list of ids", "ids：不是編號的清單"});
    ids.push_back(id.get<std::string>());
  }
  return ids;
}

Result<ApiResponse> withdraw(const Service& service, const ApiRequest& request) {
  const auto list = list_in(request);
  if (!list) return fail(list.error());
  const auto body = object_in(request);
  if (!body) return fail(body.error());
  const auto ids = ids_in(*body);
  if (!ids) return fail(ids.error());
  auto note = text_in(*body, "note");
  if (!note) return fail(note.error());
  for (const auto& id : *ids) {
    const auto approval = service.store.approval(id);
    if (!approval) return fail(approval.error());
    if (approval->list != (*list)->name)
      return refuse(Code::kNotFound, {"{} has no approval {}", "{} 沒有核准項目 {}"}, (*list)->name,
                    id);
  }
  const Withdrawal withdrawal{
      {request.person.token_id, request.person.name}, std::move(*note), service.now()};
  if (auto done = service.store.withdraw(*ids, withdrawal); !done) return fail(done.error());
  if (service.approvals_changed) service.approvals_changed();
  auto response = json_response({{"list", (*list)->name}, {"withdrawn", ids->size()}});
  response.subject = std::to_string(ids->size()) + " rows";
  return response;
}

Result<ReviewWish> review_in(const Service& service, const ApiRequest& request) {
  const auto list = list_in(request);
  if (!list) return fail(list.error());
  if ((*list)->seen.empty())
    return refuse(Code::kUsage,
                  {"{}: no evidence shows what this list is of", "{}：沒有任何證據可對照這份清單"},
                  (*list)->name);
  ReviewWish wish;
  wish.list = *list;
  auto host = service.host_id_in(request);
  if (!host) return fail(host.error());
  wish.host_id = std::move(*host);
  std::string_view kinds = request.text("kind");
  while (!kinds.empty()) {
    const auto end = std::min(kinds.find(','), kinds.size());
    const std::string kind(kinds.substr(0, end));
    if (std::ranges::find((*list)->seen, kind, &SeenIn::kind) == (*list)->seen.end())
      return refuse(Code::kUsage,
                    {"kind: \"{}\" is none of this list", "kind：這份清單沒有「{}」這一類"},
                    kind.substr(0, 60));
    wish.kinds.push_back(kind);
    kinds.remove_prefix(std::min(end + 1, kinds.size()));
  }
  return wish;
}

Result<ApiResponse> review(const Service& service, const ApiRequest& request) {
  const auto wish = review_in(service, request);
  if (!wish) return fail(wish.error());
  const auto answer = fleet_review(service, *wish);
  if (!answer) return fail(answer.error());
  return json_response(*answer);
}

Result<ApiResponse> propose(const Service& service, const ApiRequest& request) {
  const auto wish = review_in(service, request);
  if (!wish) return fail(wish.error());
  if (wish->host_id.empty()) return refuse(Code::kUsage, {"host: is missing", "host：未填寫"});
  const auto exact = request.text("exact");
  if (!exact.empty() && exact != "1")
    return refuse(Code::kUsage, {"exact: 1, or left out", "exact：只能填 1，或不填"});
  const auto answer = proposals(service, *wish, !exact.empty());
  if (!answer) return fail(answer.error());
  return json_response(*answer);
}

}  // namespace

void add_approvals(Router& router, const Service& service) {
  router.get("/api/v1/approvals", {},
             [&service](const ApiRequest&) -> Result<ApiResponse> { return lists(service); });
  router.get("/api/v1/approvals/*", {"state", "as-of", "limit", "cursor"},
             [&service](const ApiRequest& request) { return rows(service, request); });
  router.upload("/api/v1/approvals/*", Role::kOperator, {},
                [&service](const ApiRequest& request) { return approve(service, request); });
  router.upload("/api/v1/approvals/*/withdraw", Role::kOperator, {},
                [&service](const ApiRequest& request) { return withdraw(service, request); });
  router.get("/api/v1/approvals/*/review", {"kind", "host"},
             [&service](const ApiRequest& request) { return review(service, request); });
  router.get("/api/v1/approvals/*/proposals", {"kind", "host", "exact"},
             [&service](const ApiRequest& request) { return propose(service, request); });
}

}  // namespace assay::collector::api
