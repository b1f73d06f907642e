// What the resources answer from.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "checks/engine/content.h"
#include "collector/api/router.h"
#include "collector/content/content_state.h"
#include "collector/store/store.h"
#include "evidence/refusal.h"

namespace assay::collector {
class FleetSearch;
class PastContent;
}  // namespace assay::collector

namespace assay::collector::api {

// Items that one answer may be made of, where they are held.
inline constexpr std::size_t kMostAtOnce = 1'000'000;

// A week: long holidays are longer, and then it is true that nothing is known of a machine.
inline constexpr std::chrono::seconds kStaleAfter = std::chrono::days(7);

struct Service {
  Store& store;
  std::shared_ptr<const checks::Content> content;
  std::string ca_pem;  // goes into bundles
  std::function<evidence::Seconds()> now;
  // Asks the agent of a host to scan; false when it is not attending. Empty: nobody can be asked.
  std::function<bool(const std::string& host_id)> scan_now;
  // As in ApiOptions; may be empty.
  std::function<void(const std::string& host_id)> register_changed;
  std::function<void()> approvals_changed;
  // A host whose last scan is older says nothing of today.
  std::chrono::seconds stale_after = kStaleAfter;
  // What the collector says of the content of its files; empty: only what the content itself says.
  std::function<ContentState()> content_state = nullptr;
  // Outlives this content, with what it knows of the fleet. Without one, one is made.
  std::shared_ptr<FleetSearch> search = nullptr;
  // What the other parts of the collector tell of themselves; may be empty.
  std::function<std::vector<Figure>()> figures = nullptr;

  // The public key of the ledger, as text; empty: there is none.
  std::string ledger_key = {};
  // To whom the documents' controls are put.
  checks::Organisation organisation = {};
  // Outlives this content. Without one, one is made.
  std::shared_ptr<PastContent> past = nullptr;
  // Of the content of then, see as_of(); zero for the present one.
  evidence::Digest catalogue = {};

  // The same by the rules, catalogues and terms of then; itself for now.
  [[nodiscard]] Result<Service> as_of(std::optional<evidence::Seconds> when) const;

  // By digest, or the latest of a host that is named. kNotFound.
  [[nodiscard]] Result<Snapshot> find_snapshot(std::string_view name) const;
  // By id, or by name where only one host has it. kNotFound; kConflict for an ambiguous name.
  [[nodiscard]] Result<Host> find_host(std::string_view id_or_name) const;
  // By the whole id, or by its beginning (8 digits at least) as tables show it. kUsage, kNotFound,
  // kConflict.
  [[nodiscard]] Result<Finding> find_finding(std::string_view id) const;
  // All of them, as the store orders them. kTooLarge when there are more than `most`.
  [[nodiscard]] Result<std::vector<Finding>> findings(const FindingFilter& filter,
                                                      std::size_t most = kMostAtOnce) const;
  // A stored table. kNotFound; kInvalidData, kTooLarge for one that is damaged.
  [[nodiscard]] Result<evidence::Table> table(const evidence::Digest& digest) const;
  // The id of `?host=`; empty when it was not given.
  [[nodiscard]] Result<std::string> host_id_in(const ApiRequest& request) const;
  // `?as-of=`. kUsage.
  [[nodiscard]] static Result<std::optional<evidence::Seconds>> as_of_in(const ApiRequest& request);
};

// As `?as-of=` asks for it.
[[nodiscard]] inline Result<Service> of_then(const Service& present, const ApiRequest& request) {
  const auto when = Service::as_of_in(request);
  if (!when) return fail(when.error());
  return present.as_of(*when);
}

// Calls `take(item)` for every item of a paged answer: `read(PageRequest) -> Result<Page<T>>`.
// Stops with kTooLarge after `most` items.
template <typename Read, typename Take>
Status for_each(Read read, Take take, std::size_t most = kMostAtOnce) {
  std::size_t count = 0;
  return for_every(read, [&](auto& item) -> Status {
    if (++count > most)
      return refuse(Code::kTooLarge, {"too much to answer at once; filter it",
                                      "結果過多，無法一次回覆；請縮小範圍"});
    return take(item);
  });
}

// One per file in resources/. Each adds its routes; `service` must outlive the router.
void add_acts(Router& router, const Service& service);
void add_approvals(Router& router, const Service& service);
void add_assets(Router& router, const Service& service);
void add_cadence(Router& router, const Service& service);
void add_attestations(Router& router, const Service& service);
void add_checks(Router& router, const Service& service);
void add_content(Router& router, const Service& service);
void add_controls(Router& router, const Service& service);
void add_diff(Router& router, const Service& service);
void add_explain(Router& router, const Service& service);
void add_findings(Router& router, const Service& service);
void add_frameworks(Router& router, const Service& service);
void add_hosts(Router& router, const Service& service);
void add_metrics(Router& router, const Service& service);
void add_ledger(Router& router, const Service& service);
void add_packs(Router& router, const Service& service);
void add_ports(Router& router, const Service& service);
void add_query(Router& router, const Service& service);
void add_register(Router& router, const Service& service);
void add_reports(Router& router, const Service& service);
void add_snapshots(Router& router, const Service& service);
void add_software(Router& router, const Service& service);
void add_time_stamps(Router& router, const Service& service);
void add_waivers(Router& router, const Service& service);
void add_whoami(Router& router, const Service& service);
void add_all(Router& router, const Service& service);

// All of them over one content. Never changes: whoever has begun to answer from it holds it until
// the answer is made, whatever content the next request is answered by.
struct Resources {
  explicit Resources(Service over) : service(std::move(over)) { add_all(router, service); }
  Resources(const Resources&) = delete;
  Resources& operator=(const Resources&) = delete;

  const Service service;
  Router router;
};

}  // namespace assay::collector::api
