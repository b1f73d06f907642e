// /api/v1/register: what the company has recorded about its machines, who did when, and changes of
// it, for one machine or from a file.
#include "collector/api/json_body.h"
#include "collector/api/present.h"
#include "collector/api/register_json.h"
#include "collector/api/service.h"
#include "collector/records/register_import.h"
#include "collector/records/register_tables.h"
#include "evidence/refusal.h"

namespace assay::collector::api {

namespace {

Result<std::vector<Host>> all_hosts(const Service& service) {
  std::vector<Host> hosts;
  auto read = for_each([&](const PageRequest& page) { return service.store.hosts("", page); },
                       [&](Host& host) -> Status {
                         hosts.push_back(std::move(host));
                         return {};
                       });
  if (!read) return fail(read.error());
  return hosts;
}

Result<std::map<std::string, RegisterEntry>> all_entries(const Service& service) {
  std::map<std::string, RegisterEntry> entries;
  auto read = for_each(
      [&](const PageRequest& page) { return service.store.register_entries(std::nullopt, page); },
      [&](RegisterEntry& entry) -> Status {
        auto id = entry.host_id;
        entries.emplace(std::move(id), std::move(entry));
        return {};
      });
  if (!read) return fail(read.error());
  return entries;
}

Result<ApiResponse> list(const Service& service, const ApiRequest& request) {
  const auto page = page_in(request);
  if (!page) return fail(page.error());
  const auto as_of = Service::as_of_in(request);
  if (!as_of) return fail(as_of.error());
  const auto hosts = service.store.hosts(request.text("q"), *page);
  if (!hosts) return fail(hosts.error());
  const auto group = request.text("group");
  Json items = Json::array();
  for (const auto& host : hosts->items) {
    if (host.state != HostState::kActive) continue;
    const auto entry = service.store.register_entry(host.id, *as_of);
    if (!entry) return fail(entry.error());
    const bool is_in =
        group.empty() || std::ranges::find(entry->groups, group) != entry->groups.end();
    if (is_in) items.push_back(to_json(*entry, host));
  }
  return json_response(page_of(std::move(items), hosts->next));
}

Result<ApiResponse> show(const Service& service, const ApiRequest& request) {
  const auto host = service.find_host(request.parameter);
  if (!host) return fail(host.error());
  const auto as_of = Service::as_of_in(request);
  if (!as_of) return fail(as_of.error());
  const auto entry = service.store.register_entry(host->id, *as_of);
  if (!entry) return fail(entry.error());
  return json_response(to_json(*entry, *host));
}

Json to_json(const std::vector<FieldChange>& changes) {
  Json out = Json::array();
  for (const auto& change : changes)
    out.push_back({{"field", change.field}, {"before", change.before}, {"after", change.after}});
  return out;
}

Result<ApiResponse> history(const Service& service, const ApiRequest& request) {
  const auto host = service.find_host(request.parameter);
  if (!host) return fail(host.error());
  auto page = page_in(request);
  if (!page) return fail(page.error());
  const auto limit = std::min(page->limit, kMaxPage - 1);
  // One more, to say what the last of the page changed.
  page->limit = limit + 1;
  auto entries = service.store.register_history(host->id, *page);
  if (!entries) return fail(entries.error());
  auto& found = entries->items;
  const bool is_more = found.size() > limit || !entries->next.empty();
  Json items = Json::array();
  for (std::size_t i = 0; i < std::min(limit, found.size()); ++i) {
    const RegisterEntry nothing;
    Json item = api::to_json(found[i], *host);
    item["changes"] = to_json(differences(i + 1 < found.size() ? found[i + 1] : nothing, found[i]));
    items.push_back(std::move(item));
  }
  const auto next =
      is_more && !items.empty() ? std::to_string(found[items.size() - 1].number) : std::string();
  return json_response(page_of(std::move(items), next));
}

struct Act {
  Actor by;
  std::string note;
  evidence::Seconds now;
};

Status apply(const Service& service, const ImportPlan& plan, const Act& act) {
  std::vector<RegisterChange> changes;
  for (const auto& planned : plan.changes) {
    auto entry = planned.after;
    entry.number = planned.before.number;
    entry.by = act.by;
    entry.note = act.note;
    // A clock that went back must not make an entry that ends before it begins.
    entry.since = std::max(act.now, planned.before.since);
    entry.until = std::nullopt;
    auto change = change_to(std::move(entry));
    if (!change) return fail(change.error());
    changes.push_back(std::move(*change));
  }
  if (auto done = service.store.change_register(changes); !done) return done;
  for (const auto& planned : plan.changes)
    if (service.register_changed) service.register_changed(planned.host->id);
  return {};
}

Json to_json(const ImportPlan& plan, std::size_t rows, bool is_dry_run) {
  Json changed = Json::array();
  for (const auto& planned : plan.changes)
    changed.push_back({{"host", {{"id", planned.host->id}, {"name", planned.host->name}}},
                       {"line", planned.line},
                       {"changes", to_json(differences(planned.before, planned.after))}});
  Json unmatched = Json::array();
  for (const auto& row : plan.unmatched)
    unmatched.push_back({{"line", row.line}, {"host", row.host}});
  return {{"dry_run", is_dry_run},
          {"rows", rows},
          {"unchanged", plan.unchanged},
          {"changed", changed},
          {"unmatched", unmatched}};
}

ApiResponse bad_file(const Text& words) {
  return error_response(422, name_of(Code::kInvalidData), words);
}

// The file's rows, all sound; otherwise `refusal` says which are not.
Result<std::vector<ImportRow>> rows_in(const ApiRequest& request, ImportProblems* problems) {
  if (request.content_type == "text/csv") return read_register_csv(request.body, problems);
  if (request.content_type == "application/json") return read_register_json(request.body, problems);
  return refuse(Code::kUsage, {"Content-Type: text/csv or application/json",
                               "Content-Type：只能是 text/csv 或 application/json"});
}

Result<ApiResponse> import_file(const Service& service, const ApiRequest& request) {
  const auto dry_run = request.text("dry-run");
  if (!dry_run.empty() && dry_run != "1")
    return refuse(Code::kUsage, {"dry-run: 1, or left out", "dry-run：只能填 1，或不填"});
  const std::string note(request.text("note"));
  if (!note.empty())
    if (auto sound = check_text("note", note); !sound) return fail(sound.error());
  ImportProblems problems;
  const auto rows = rows_in(request, &problems);
  if (!rows && rows.error().code() == Code::kUsage) return fail(rows.error());
  if (!rows) return bad_file(rows.error().text());
  const auto hosts = all_hosts(service);
  if (!hosts) return fail(hosts.error());
  const auto entries = all_entries(service);
  if (!entries) return fail(entries.error());
  const auto plan = plan_import(*rows, HostFinder(*hosts), *entries, &problems);
  if (!problems.empty())
    return bad_file(phrase(
        {"nothing was changed; the file has problems:\n{}", "未做任何變更；檔案有下列問題：\n{}"},
        problems.text()));
  if (dry_run.empty()) {
    const Act act{{request.person.token_id, request.person.name}, note, service.now()};
    if (auto done = apply(service, plan, act); !done) return fail(done.error());
  }
  auto response = json_response(to_json(plan, rows->size(), !dry_run.empty()));
  response.subject = std::to_string(plan.changes.size()) + " hosts";
  return response;
}

Result<ApiResponse> change(const Service& service, const ApiRequest& request) {
  const auto host = service.find_host(request.parameter);
  if (!host) return fail(host.error());
  if (host->state == HostState::kRevoked)
    return refuse(Code::kConflict, {"{} is revoked", "{} 已撤銷"}, host->name);
  const auto body = object_in(request);
  if (!body) return fail(body.error());
  auto note = text_in(*body, "note");
  if (!note) return fail(note.error());
  for (const auto& [name, value] : body->items())
    if (name != "fields" && name != "groups" && name != "note")
      return refuse(
          Code::kUsage,
          {"\"{}\": only fields, groups and note", "「{}」：只接受 fields、groups 與 note"},
          name.substr(0, 60));
  // One row of a file.
  Json row = body->value("fields", Json::object());
  if (!row.is_object()) return refuse(Code::kUsage, {"fields: is no object", "fields：不是物件"});
  row["host"] = host->id;
  if (body->contains("groups")) row["groups"] = (*body)["groups"];
  ImportProblems problems;
  const auto rows = read_register_json(Json::array({row}).dump(), &problems);
  if (!rows) return fail(rows.error());
  const auto before = service.store.register_entry(host->id, std::nullopt);
  if (!before) return fail(before.error());
  const std::vector<Host> hosts = {*host};
  const auto plan = plan_import(*rows, HostFinder(hosts), {{host->id, *before}}, &problems);
  if (!problems.empty()) return fail(Code::kUsage, problems.text());
  const Act act{{request.person.token_id, request.person.name}, *note, service.now()};
  if (auto done = apply(service, plan, act); !done) return fail(done.error());
  const auto after = service.store.register_entry(host->id, std::nullopt);
  if (!after) return fail(after.error());
  Json json = api::to_json(*after, *host);
  json["changes"] = to_json(differences(*before, *after));
  auto response = json_response(json);
  response.subject = host->id;
  return response;
}

}  // namespace

Json to_json(const RegisterEntry& entry, const Host& host) {
  const bool is_there = entry.number > 0;
  return {{"host", {{"id", host.id}, {"name", host.name}}},
          {"fields", parsed(entry.fields)},
          {"groups", entry.groups},
          {"since", is_there ? to_json(entry.since) : Json(nullptr)},
          {"until", to_json(entry.until)},
          {"changed_by", is_there ? Json(entry.by.name) : Json(nullptr)},
          {"note", entry.note}};
}

void add_register(Router& router, const Service& service) {
  router.get("/api/v1/register", {"q", "group", "as-of", "limit", "cursor"},
             [&service](const ApiRequest& request) { return list(service, request); });
  router.upload("/api/v1/register", Role::kOperator, {"dry-run", "note"},
                [&service](const ApiRequest& request) { return import_file(service, request); });
  router.get("/api/v1/register/*", {"as-of"},
             [&service](const ApiRequest& request) { return show(service, request); });
  router.upload("/api/v1/register/*", Role::kOperator, {},
                [&service](const ApiRequest& request) { return change(service, request); });
  router.get("/api/v1/register/*/history", {"limit", "cursor"},
             [&service](const ApiRequest& request) { return history(service, request); });
}

}  // namespace assay::collector::api
