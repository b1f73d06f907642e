// Waivers and attestations as the API shows them, and those that are in force.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collector/api/present.h"
#include "collector/api/service.h"
#include "collector/records/attestation_scope.h"
#include "collector/records/attested_days.h"
#include "collector/records/waiver_scope.h"
#include "evidence/refusal.h"

namespace assay::collector::api {

// Now, or as of a moment.
[[nodiscard]] Result<WaiversInForce> waivers_in_force(const Service& service,
                                                      std::optional<evidence::Seconds> as_of);
[[nodiscard]] Result<AttestationsInForce> attestations_in_force(
    const Service& service, std::optional<evidence::Seconds> as_of);

// Whenever people attested something, up to now.
[[nodiscard]] Result<AttestedDays> attested_days(const Service& service);

// Who is in which group of the register, then or now. Reads the register of all hosts.
[[nodiscard]] Result<GroupMembers> group_members(const Service& service,
                                                 std::optional<evidence::Seconds> as_of);

// Hosts by id as {"id","name"}; asks the store once for each. For one answer and one thread.
class HostNames {
 public:
  // Of one record not more than `most` are named.
  explicit HostNames(const Service& service, std::size_t most = kMaxRecordHosts)
      : service_(service), most_(most) {}
  [[nodiscard]] Result<Json> list(const std::vector<std::string>& ids);

 private:
  const Service& service_;
  std::size_t most_;
  std::map<std::string, std::string> names_;
};

// With its history, as it was at `when`.
[[nodiscard]] Result<Json> to_json(const Waiver& waiver, const Service& service, HostNames* hosts,
                                   evidence::Seconds when);
[[nodiscard]] Result<Json> to_json(const Attestation& attestation, const Service& service,
                                   HostNames* hosts, evidence::Seconds when);
// What stands beside a finding or control: which, until when, why, who.
[[nodiscard]] Json brief(const Waiver& waiver);
[[nodiscard]] Json brief(const Attestation& attestation);
[[nodiscard]] Json briefs(const std::vector<const Waiver*>& waivers);

[[nodiscard]] Actor actor_of(const Person& person);

// `?as-of=` and `?host=` of a list of records: what counts then, for that host.
template <typename Filter>
Status read_place_and_time(const Service& service, const ApiRequest& request, Filter* filter) {
  const auto as_of = Service::as_of_in(request);
  if (!as_of) return fail(as_of.error());
  filter->when = as_of->value_or(service.now());
  auto host = service.host_id_in(request);
  if (!host) return fail(host.error());
  filter->host_id = std::move(*host);
  if (filter->host_id.empty()) return {};
  auto entry = service.store.register_entry(filter->host_id, *as_of);
  if (!entry) return fail(entry.error());
  filter->host_groups = std::move(entry->groups);
  return {};
}

// `?expiring=`: those in force that end within so many days. kUsage, in the words of `refusal`,
// beside another state.
template <typename Filter, typename State>
Status read_expiring(const ApiRequest& request, State in_force, Sentence<0> refusal,
                     Filter* filter) {
  const auto days = days_in(request, "expiring");
  if (!days) return fail(days.error());
  if (!*days) return {};
  if (filter->state && filter->state != in_force) return refuse(Code::kUsage, refusal);
  filter->state = in_force;
  filter->ends_by = evidence::to_date(filter->when + std::chrono::days(**days));
  return {};
}

// So many hosts of one record are named in a list; all of them where it is shown alone.
inline constexpr std::size_t kMostHostsInList = 200;

// A page of records as they were at `when`.
template <typename Record>
Result<ApiResponse> list_of(const Service& service, const Result<Page<Record>>& page,
                            evidence::Seconds when) {
  if (!page) return fail(page.error());
  HostNames hosts(service, kMostHostsInList);
  Json items = Json::array();
  for (const auto& record : page->items) {
    auto item = to_json(record, service, &hosts, when);
    if (!item) return fail(item.error());
    items.push_back(std::move(*item));
  }
  return json_response(page_of(std::move(items), page->next));
}

// The finding, `waived` where it is covered whole, with the waivers that cover it at least in part.
[[nodiscard]] Json to_json(const Finding& finding, const checks::Content& content,
                           const WaiversInForce::Cover& cover);

}  // namespace assay::collector::api
