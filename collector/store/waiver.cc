#include "collector/store/waiver.h"

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
  if (scope.check_id.empty()) return fail(Code::kUsage, "check: is missing");
  if (scope.finding && (scope.hosts.size() != 1 || !scope.groups.empty()))
    return fail(Code::kUsage, "hosts: a finding is of one host");
  if (auto sound = check_scope(scope.hosts, scope.groups); !sound) return sound;
  if (scope.frameworks.size() > kMaxWaiverFrameworks)
    return fail(Code::kUsage, "frameworks: more than " + std::to_string(kMaxWaiverFrameworks));
  if (waiver.requester.token_id.empty() || waiver.requester.name.empty())
    return fail(Code::kInternal, "a waiver is requested by somebody");
  if (auto sound = check_text("reason", waiver.reason); !sound) return sound;
  if (auto sound = check_text("measure", waiver.measure); !sound) return sound;
  return check_until(waiver.until, waiver.requested_at, kMaxWaiverDays);
}

Status check_act(const Waiver& waiver, const WaiverAct& act) {
  const auto state = waiver.state_at(act.at);
  const bool is_open = state == WaiverState::kRequested;
  const bool is_revocable = is_open || state == WaiverState::kApproved;
  if (act.kind == WaiverAct::Kind::kRevoked ? !is_revocable : !is_open)
    return fail(Code::kConflict,
                waiver.id + " cannot be " + std::string(name_of(act.kind)) + ": it is " +
                    std::string(name_of(state)) +
                    (state == WaiverState::kEnded ? "; its last day was " + waiver.until : ""));
  if (act.kind == WaiverAct::Kind::kApproved && is_same_person(waiver.requester, act.by))
    return fail(Code::kRefused, waiver.id + " was requested by " + waiver.requester.name +
                                    "; somebody else has to approve it");
  if (act.by.token_id.empty()) return fail(Code::kInternal, "somebody acts on a waiver");
  return act.note.empty() ? Status() : check_text("note", act.note);
}

}  // namespace assay::collector
