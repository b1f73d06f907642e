#include "collector/api/records.h"

#include <algorithm>

namespace assay::collector::api {
namespace {

// The groups of the moment; nothing is read where no record names one.
template <typename Record, typename GroupsOf>
Result<GroupMembers> members_for(const std::vector<Record>& records, GroupsOf groups_of,
                                 const Service& service, std::optional<evidence::Seconds> as_of) {
  const bool is_named = std::ranges::any_of(
      records, [&](const Record& record) { return !groups_of(record).empty(); });
  return is_named ? group_members(service, as_of) : GroupMembers();
}

Json to_json(const Actor& actor) {
  return {{"name", actor.name}, {"token", actor.token_id}};
}

Json event(std::string_view act, const Actor& by, evidence::Seconds at, const std::string& note) {
  return {{"act", act}, {"at", api::to_json(at)}, {"by", to_json(by)}, {"note", note}};
}

// Whole days after the one of `when`; 0 on the last day, null when it does not hold.
Json days_left(std::string_view until, evidence::Seconds when, bool is_in_force) {
  const auto last = evidence::from_date(until);
  if (!is_in_force || !last) return nullptr;
  return (std::chrono::floor<std::chrono::days>(*last) -
          std::chrono::floor<std::chrono::days>(when))
      .count();
}

Json title_of(const checks::Check* check, const std::string& id) {
  return api::to_json(check == nullptr ? Text{id, id} : check->title);
}

}  // namespace

Result<GroupMembers> group_members(const Service& service, std::optional<evidence::Seconds> as_of) {
  GroupMembers members;
  auto read =
      for_each([&](const PageRequest& page) { return service.store.register_entries(as_of, page); },
               [&](const RegisterEntry& entry) -> Status {
                 // By host id, as a page is: sorted.
                 for (const auto& group : entry.groups) members[group].push_back(entry.host_id);
                 return {};
               });
  if (!read) return fail(read.error());
  return members;
}

Result<WaiversInForce> waivers_in_force(const Service& service,
                                        std::optional<evidence::Seconds> as_of) {
  WaiverFilter filter;
  filter.when = as_of.value_or(service.now());
  filter.state = WaiverState::kApproved;
  std::vector<Waiver> waivers;
  auto read = for_each([&](const PageRequest& page) { return service.store.waivers(filter, page); },
                       [&](Waiver& waiver) -> Status {
                         waivers.push_back(std::move(waiver));
                         return {};
                       });
  if (!read) return fail(read.error());
  const auto groups_of = [](const Waiver& waiver) { return waiver.scope.groups; };
  const auto members = members_for(waivers, groups_of, service, as_of);
  if (!members) return fail(members.error());
  return WaiversInForce(std::move(waivers), filter.when, *members);
}

namespace {

// Those that the filter keeps, with the groups that they name, as of then.
struct AttestationsRead {
  std::vector<Attestation> attestations;
  GroupMembers members;
};

Result<AttestationsRead> read_attestations(const Service& service, const AttestationFilter& filter,
                                           std::optional<evidence::Seconds> as_of) {
  AttestationsRead out;
  auto read =
      for_each([&](const PageRequest& page) { return service.store.attestations(filter, page); },
               [&](Attestation& attestation) -> Status {
                 out.attestations.push_back(std::move(attestation));
                 return {};
               });
  if (!read) return fail(read.error());
  const auto groups_of = [](const Attestation& attestation) { return attestation.groups; };
  auto members = members_for(out.attestations, groups_of, service, as_of);
  if (!members) return fail(members.error());
  out.members = std::move(*members);
  return out;
}

}  // namespace

Result<AttestationsInForce> attestations_in_force(const Service& service,
                                                  std::optional<evidence::Seconds> as_of) {
  AttestationFilter filter;
  filter.when = as_of.value_or(service.now());
  filter.state = AttestationState::kInForce;
  auto read = read_attestations(service, filter, as_of);
  if (!read) return fail(read.error());
  return AttestationsInForce(std::move(read->attestations), *service.content, filter.when,
                             read->members);
}

Result<AttestedDays> attested_days(const Service& service) {
  AttestationFilter filter;
  filter.when = service.now();
  const auto read = read_attestations(service, filter, std::nullopt);
  if (!read) return fail(read.error());
  return AttestedDays(read->attestations, *service.content, filter.when, read->members);
}

Result<Json> HostNames::list(const std::vector<std::string>& ids) {
  Json out = Json::array();
  for (const auto& id : ids) {
    if (out.size() >= most_) break;
    auto known = names_.find(id);
    if (known == names_.end()) {
      auto host = service_.store.host(id);
      if (!host && host.error().code() != Code::kNotFound) return fail(host.error());
      known = names_.emplace(id, host ? host->name : std::string()).first;
    }
    out.push_back({{"id", id}, {"name", known->second}});
  }
  return out;
}

Result<Json> to_json(const Waiver& waiver, const Service& service, HostNames* hosts,
                     evidence::Seconds when) {
  auto its_hosts = hosts->list(waiver.scope.hosts);
  if (!its_hosts) return its_hosts;
  const auto& scope = waiver.scope;
  const auto* approval = waiver.act(WaiverAct::Kind::kApproved, when);
  Json history = Json::array();
  history.push_back(event("requested", waiver.requester, waiver.requested_at, ""));
  for (const auto& act : waiver.acts)
    if (act.at <= when) history.push_back(event(name_of(act.kind), act.by, act.at, act.note));
  return Json{{"id", waiver.id},
              {"state", name_of(waiver.state_at(when))},
              {"check", scope.check_id},
              {"title", title_of(service.content->check(scope.check_id), scope.check_id)},
              {"finding", scope.finding ? Json(scope.finding->hex()) : Json(nullptr)},
              {"hosts", *its_hosts},
              {"host_count", scope.hosts.size()},
              {"groups", scope.groups},
              {"frameworks", scope.frameworks},
              {"reason", waiver.reason},
              {"measure", waiver.measure},
              {"until", waiver.until},
              {"days_left", days_left(waiver.until, when, waiver.is_in_force(when))},
              {"requester", to_json(waiver.requester)},
              {"requested_at", to_json(waiver.requested_at)},
              {"approver", approval == nullptr ? Json(nullptr) : to_json(approval->by)},
              {"approved_at", approval == nullptr ? Json(nullptr) : to_json(approval->at)},
              {"history", history}};
}

Result<Json> to_json(const Attestation& attestation, const Service& service, HostNames* hosts,
                     evidence::Seconds when) {
  auto its_hosts = hosts->list(attestation.hosts);
  if (!its_hosts) return its_hosts;
  const auto* framework = service.content->framework(attestation.framework);
  const auto* control = framework == nullptr || framework->edition != attestation.edition
                            ? nullptr
                            : framework->find(attestation.control);
  Json files = Json::array();
  for (const auto& file : attestation.files)
    if (file.at <= when)
      files.push_back({{"name", file.name},
                       {"bytes", file.bytes},
                       {"sha256", file.digest.hex()},
                       {"added_at", to_json(file.at)},
                       {"by", to_json(file.by)}});
  Json history = Json::array();
  history.push_back(event("recorded", attestation.recorder, attestation.recorded_at, ""));
  for (const auto& act : attestation.acts)
    if (act.at <= when) history.push_back(event(name_of(act.kind), act.by, act.at, act.note));
  const auto state = attestation.state_at(when);
  return Json{
      {"id", attestation.id},
      {"state", name_of(state)},
      {"framework", attestation.framework},
      {"edition", attestation.edition},
      {"control", attestation.control},
      {"title", control == nullptr ? Json(nullptr) : to_json(control->title)},
      {"hosts", *its_hosts},
      {"host_count", attestation.hosts.size()},
      {"groups", attestation.groups},
      {"statement", attestation.statement},
      {"owner", attestation.owner},
      {"date", attestation.attested_on},
      {"until", attestation.until},
      {"days_left", days_left(attestation.until, when, state == AttestationState::kInForce)},
      {"recorder", to_json(attestation.recorder)},
      {"recorded_at", to_json(attestation.recorded_at)},
      {"files", files},
      {"history", history}};
}

Json brief(const Waiver& waiver) {
  const auto* approval = waiver.act(WaiverAct::Kind::kApproved, evidence::Seconds::max());
  return {{"id", waiver.id},
          {"until", waiver.until},
          {"groups", waiver.scope.groups},
          {"frameworks", waiver.scope.frameworks},
          {"reason", waiver.reason},
          {"measure", waiver.measure},
          {"requester", waiver.requester.name},
          {"approver", approval == nullptr ? Json(nullptr) : Json(approval->by.name)}};
}

Json brief(const Attestation& attestation) {
  const auto& all = attestation.hosts;
  const std::vector<std::string> hosts(
      all.begin(),
      all.begin() + static_cast<std::ptrdiff_t>(std::min(all.size(), kMostHostsInList)));
  return {{"id", attestation.id},
          {"until", attestation.until},
          {"date", attestation.attested_on},
          {"owner", attestation.owner},
          {"statement", attestation.statement},
          {"hosts", hosts},
          {"host_count", all.size()},
          {"groups", attestation.groups},
          {"files", attestation.files.size()}};
}

Json briefs(const std::vector<const Waiver*>& waivers) {
  Json out = Json::array();
  for (const auto* waiver : waivers) out.push_back(brief(*waiver));
  return out;
}

Json to_json(const Finding& finding, const checks::Content& content,
             const WaiversInForce::Cover& cover) {
  Json out = to_json(finding, content);
  if (cover.is_whole) out["state"] = "waived";
  out["waivers"] = briefs(cover.waivers);
  return out;
}

Actor actor_of(const Person& person) {
  return {person.token_id, person.name};
}

}  // namespace assay::collector::api
