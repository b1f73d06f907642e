#include "collector/api/service.h"

#include "collector/content/catalogue.h"
#include "evidence/canonical.h"
#include "evidence/compress.h"
#include "evidence/refusal.h"

namespace assay::collector::api {

Result<Host> Service::find_host(std::string_view id_or_name) const {
  auto by_id = store.host(id_or_name);
  if (by_id || by_id.error().code() != Code::kNotFound) return by_id;
  std::optional<Host> found;
  bool is_ambiguous = false;
  auto looked = for_each([&](const PageRequest& page) { return store.hosts(id_or_name, page); },
                         [&](Host& host) -> Status {
                           if (host.name != id_or_name) return {};
                           is_ambiguous = is_ambiguous || found.has_value();
                           found = std::move(host);
                           return {};
                         });
  if (!looked) return fail(looked.error());
  if (is_ambiguous)
    return refuse(Code::kConflict,
                  {"several hosts are called {}; name the one you mean by its id",
                   "有多部主機名為 {}；請改以主機識別碼指定"},
                  id_or_name);
  if (!found) return refuse(Code::kNotFound, {"no host {}", "找不到主機 {}"}, id_or_name);
  return *found;
}

Result<Snapshot> Service::find_snapshot(std::string_view name) const {
  if (const auto digest = evidence::Digest::from_hex(name)) return store.snapshot(*digest);
  const auto host = find_host(name);
  if (!host) return fail(host.error());
  if (!host->last_snapshot)
    return refuse(Code::kNotFound, {"{} has not sent a snapshot yet", "{} 尚未送出快照"},
                  host->name);
  return store.snapshot(*host->last_snapshot);
}

Result<Finding> Service::find_finding(std::string_view id) const {
  constexpr std::size_t kShortestId = 8;
  constexpr std::size_t kMostSearched = 200'000;
  if (const auto digest = evidence::Digest::from_hex(id)) return store.finding(*digest);
  const bool is_hex = id.find_first_not_of("0123456789abcdef") == std::string_view::npos;
  if (!is_hex || id.size() < kShortestId)
    return refuse(Code::kUsage, {"finding: an id, or at least the first 8 digits of one",
                                 "發現事項：請輸入編號，或至少其前 8 碼"});
  std::optional<Finding> found;
  bool is_ambiguous = false;
  auto looked = for_each([&](const PageRequest& page) { return store.findings({}, page); },
                         [&](Finding& finding) -> Status {
                           if (!finding.id.hex().starts_with(id)) return {};
                           is_ambiguous = is_ambiguous || found.has_value();
                           found = std::move(finding);
                           return {};
                         },
                         kMostSearched);
  if (!looked) return fail(looked.error());
  if (is_ambiguous)
    return refuse(Code::kConflict,
                  {"several findings begin with {}", "有多項發現事項的編號以 {} 開頭"}, id);
  if (!found) return refuse(Code::kNotFound, {"no finding {}", "找不到發現事項 {}"}, id);
  return *found;
}

Result<std::vector<Finding>> Service::findings(const FindingFilter& filter,
                                               std::size_t most) const {
  std::vector<Finding> findings;
  auto read = for_each([&](const PageRequest& page) { return store.findings(filter, page); },
                       [&](Finding& finding) -> Status {
                         findings.push_back(std::move(finding));
                         return {};
                       },
                       most);
  if (!read) return fail(read.error());
  return findings;
}

Result<evidence::Table> Service::table(const evidence::Digest& digest) const {
  const auto bytes = store.table_bytes(digest);
  if (!bytes) return fail(bytes.error());
  return evidence::from_canonical(*bytes);
}

Result<Service> Service::as_of(std::optional<evidence::Seconds> when) const {
  auto then = *this;
  if (!when) return then;
  if (!then.past) then.past = std::make_shared<PastContent>();
  auto known = then.past->at(store, content, *when);
  if (!known) return fail(known.error());
  then.content = std::move(known->content);
  then.catalogue = known->catalogue;
  auto terms = store.terms_at(*when);
  if (!terms && terms.error().code() != Code::kNotFound) return fail(terms.error());
  if (!terms) return then;  // none were kept yet
  then.stale_after = terms->stale_after;
  then.organisation = std::move(terms->organisation);
  return then;
}

Result<std::string> Service::host_id_in(const ApiRequest& request) const {
  const auto name = request.text("host");
  if (name.empty()) return std::string();
  auto host = find_host(name);
  if (!host) return fail(host.error());
  return host->id;
}

Result<std::optional<evidence::Seconds>> Service::as_of_in(const ApiRequest& request) {
  const auto text = request.text("as-of");
  if (text.empty()) return std::nullopt;
  const auto time = time_in(text, "as-of");
  if (!time) return fail(time.error());
  return *time;
}

void add_all(Router& router, const Service& service) {
  add_acts(router, service);
  add_approvals(router, service);
  add_assets(router, service);
  add_cadence(router, service);
  add_attestations(router, service);
  add_checks(router, service);
  add_content(router, service);
  add_controls(router, service);
  add_diff(router, service);
  add_explain(router, service);
  add_findings(router, service);
  add_frameworks(router, service);
  add_hosts(router, service);
  add_ledger(router, service);
  add_metrics(router, service);
  add_packs(router, service);
  add_ports(router, service);
  add_query(router, service);
  add_register(router, service);
  add_reports(router, service);
  add_snapshots(router, service);
  add_software(router, service);
  add_time_stamps(router, service);
  add_waivers(router, service);
  add_whoami(router, service);
}

}  // namespace assay::collector::api
