#include "collector/store/waiver.h"

#include "evidence/refusal.h"

namespace assay::collector {

std::string_view name_of(WaiverAct::Kind kind) {
  switch (kind) {
    case WaiverAct::Kind::kApproved: return "approved";
    case WaiverAct::Kind::kRejected: return "rejected";
    case WaiverAct::Kind::kRevoked: return "revoked";
  }
  return "revoked";
}

std::string_view name_of(WaiverState state) {
  switch (state) {
    case WaiverState::kRequested: return "requested";
    case WaiverState::kApproved: return "approved";
    case WaiverState::kRejected: return "rejected";
    case WaiverState::kRevoked: return "revoked";
    case WaiverState::kEnded: return "ended";
  }
  return "ended";
}

std::optional<WaiverState> waiver_state_from(std::string_view name) {
  for (const auto state : {WaiverState::kRequested, WaiverState::kApproved, WaiverState::kRejected,
                           WaiverState::kRevoked, WaiverState::kEnded})
    if (name_of(state) == name) return state;
  return std::nullopt;
}

const WaiverAct* Waiver::act(WaiverAct::Kind kind, evidence::Seconds when) const {
  for (const auto& act : acts)
    if (act.kind == kind && act.at <= when) return &act;
  return nullptr;
}

WaiverState Waiver::state_at(evidence::Seconds when) const {
  if (act(WaiverAct::Kind::kRejected, when) != nullptr) return WaiverState::kRejected;
  if (act(WaiverAct::Kind::kRevoked, when) != nullptr) return WaiverState::kRevoked;
  if (!holds_until(until, when)) return WaiverState::kEnded;
  return act(WaiverAct::Kind::kApproved, when) != nullptr ? WaiverState::kApproved
                                                          : WaiverState::kRequested;
}

Status check_waiver(const Waiver& waiver) {
  const auto& scope = waiver.scope;
  if (scope.check_id.empty()) return refuse(Code::kUsage, {"check: is missing", "check：未填寫"});
  if (scope.finding && (scope.hosts.size() != 1 || !scope.groups.empty()))
    return refuse(Code::kUsage,
                  {"hosts: a finding is of one host", "hosts：一項發現事項只屬於一部主機"});
  if (auto sound = check_scope(scope.hosts, scope.groups); !sound) return sound;
  if (scope.frameworks.size() > kMaxWaiverFrameworks)
    return refuse(Code::kUsage, {"frameworks: more than {}", "frameworks：超過 {} 項"},
                  kMaxWaiverFrameworks);
  if (waiver.requester.token_id.empty() || waiver.requester.name.empty())
    return fail(Code::kInternal, "a waiver is requested by somebody");
  if (auto sound = check_text("reason", waiver.reason); !sound) return sound;
  if (auto sound = check_text("measure", waiver.measure); !sound) return sound;
  return check_until(waiver.until, waiver.requested_at, kMaxWaiverDays);
}

namespace {

Text words_for(WaiverAct::Kind kind) {
  const std::string name(name_of(kind));
  switch (kind) {
    case WaiverAct::Kind::kApproved: return {name, "核准"};
    case WaiverAct::Kind::kRejected: return {name, "駁回"};
    case WaiverAct::Kind::kRevoked: break;
  }
  return {name, "撤銷"};
}

Text words_for(WaiverState state) {
  const std::string name(name_of(state));
  switch (state) {
    case WaiverState::kRequested: return {name, "待核准"};
    case WaiverState::kApproved: return {name, "已核准"};
    case WaiverState::kRejected: return {name, "已駁回"};
    case WaiverState::kRevoked: return {name, "已撤銷"};
    case WaiverState::kEnded: break;
  }
  return {name, "已屆期"};
}

}  // namespace

Status check_act(const Waiver& waiver, const WaiverAct& act) {
  const auto state = waiver.state_at(act.at);
  const bool is_open = state == WaiverState::kRequested;
  const bool is_revocable = is_open || state == WaiverState::kApproved;
  if (act.kind == WaiverAct::Kind::kRevoked ? !is_revocable : !is_open)
    return refuse(Code::kConflict, {"{} cannot be {}: it is {}{}", "{} 不能{}：{}{}"}, waiver.id,
                  words_for(act.kind), words_for(state),
                  state == WaiverState::kEnded
                      ? phrase({"; its last day was {}", "，最後有效日為 {}"}, waiver.until)
                      : Text());
  if (act.kind == WaiverAct::Kind::kApproved && is_same_person(waiver.requester, act.by))
    return refuse(
        Code::kRefused,
        {"{} was requested by {}; somebody else has to approve it", "{} 由 {} 申請，須由他人核准"},
        waiver.id, waiver.requester.name);
  if (act.by.token_id.empty()) return fail(Code::kInternal, "somebody acts on a waiver");
  return act.note.empty() ? Status() : check_text("note", act.note);
}

}  // namespace assay::collector
