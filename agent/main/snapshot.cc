#include "agent/main/snapshot.h"

#include "evidence/signature.h"

namespace assay::agent {

Result<evidence::SignedManifest> make_manifest(const Scan& scan, const SnapshotContext& context,
                                               const ChainEnd& end) {
  auto manifest = manifest_of(scan);
  manifest.host_name = context.host_name;
  manifest.agent_version = ASSAY_VERSION;
  manifest.config_digest = digest_of(*context.settings);
  manifest.profile = context.settings->profile;
  if (context.identity != nullptr) {
    manifest.host_id = context.identity->host_id;
    manifest.sequence = end.next_sequence;
    manifest.previous = end.previous;
  }
  auto bytes = evidence::to_canonical(manifest);
  if (!bytes) return fail(bytes.error());
  evidence::SignedManifest out;
  out.manifest = std::move(*bytes);
  if (context.identity != nullptr) {
    auto signature = evidence::sign(context.identity->key, out.manifest);
    if (!signature) return fail(signature.error());
    out.signature = std::move(*signature);
  }
  return out;
}

Result<evidence::SignedManifest> spool_snapshot(const Scan& scan, const SnapshotContext& context,
                                                Spool* spool) {
  auto made = make_manifest(scan, context, spool->chain_end(context.identity->host_id));
  if (!made) {
    spool->record_gap(GapKind::kScanFailed, made.error().message());
    return made;
  }
  CollectedSnapshot snapshot{made->manifest, made->signature, {}};
  for (const auto& table : scan.tables)
    if (table.is_ok() && !spool->has_table(*table.digest))
      snapshot.frames.emplace_back(*table.digest, table.frame);
  if (auto added = spool->add(snapshot); !added) return fail(added.error());
  return made;
}

}  // namespace assay::agent
