#include "collector/api/past_host.h"

#include <algorithm>

#include "collector/evaluation/snapshot_tables.h"

namespace assay::collector::api {
namespace {

// nullopt when none had been accepted.
Result<std::optional<Snapshot>> latest_at(const Service& service, const std::string& host_id,
                                          evidence::Seconds when) {
  auto snapshot = service.store.snapshot_at(host_id, when);
  if (snapshot) return std::move(*snapshot);
  if (snapshot.error().code() == Code::kNotFound) return std::nullopt;
  return fail(snapshot.error());
}

// By the collector's clock at the latest.
evidence::Seconds end_of_scan(const Snapshot& snapshot) {
  return std::min(snapshot.ended, snapshot.accepted_at);
}

}  // namespace

Result<std::optional<PastHost>> host_at(const Service& service, Host host, evidence::Seconds when,
                                        PastHostParts parts) {
  if (host.enrolled_at > when) return std::nullopt;
  if (host.revoked_at && *host.revoked_at > when) {
    host.revoked_at = std::nullopt;
    host.state = HostState::kActive;
  }
  host.last_seen = std::nullopt;
  host.last_snapshot = std::nullopt;
  host.last_sequence = 0;
  host.os.clear();
  auto latest = latest_at(service, host.id, when);
  if (!latest) return fail(latest.error());
  PastHost then{std::move(host), std::nullopt, std::move(*latest)};
  if (!then.snapshot) return then;
  const auto& snapshot = *then.snapshot;
  then.scanned_at = end_of_scan(snapshot);
  then.host.last_seen = snapshot.accepted_at;
  then.host.last_snapshot = snapshot.digest;
  then.host.last_sequence = snapshot.sequence;
  then.host.profile = snapshot.profile;
  if (snapshot.removed_at) return then;
  const auto manifest = read_manifest(service.store, snapshot);
  if (!manifest) return fail(manifest.error());
  then.host.name = manifest->manifest.host_name;
  if (parts == PastHostParts::kWithoutSystem) return then;
  const SnapshotTables tables(service.store, manifest->manifest);
  then.host.os = os_named_in(tables).value_or("");
  if (tables.failure()) return fail(*tables.failure());
  return then;
}

Result<std::optional<evidence::Seconds>> scanned_at(const Service& service, const Host& host,
                                                    evidence::Seconds when) {
  const auto snapshot = latest_at(service, host.id, when);
  if (!snapshot) return fail(snapshot.error());
  if (!*snapshot) return std::nullopt;
  return end_of_scan(**snapshot);
}

void leave_what_was_known(Json* finding) {
  for (const auto* name : {"confirmed", "last_seen", "resolved_at", "reopened", "snapshot"})
    (*finding)[name] = nullptr;
}

}  // namespace assay::collector::api
