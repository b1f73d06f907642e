#include "tests/unit/evidence/sample.h"

#include "evidence/canonical.h"
#include "evidence/signature.h"

namespace assay::evidence {

Table sample_table() {
  Table table(Header{"sample", 1, {{"n", Type::kInteger}, {"t", Type::kText}}});
  table.add_row({std::int64_t{2}, "two"});
  table.add_row({std::int64_t{1}, kNull});
  return table;
}

Manifest sample_manifest(std::int64_t sequence) {
  const std::string table = to_canonical(sample_table()).value();
  Manifest manifest;
  manifest.host_id = kSampleHost;
  manifest.host_name = "web01";
  manifest.agent_version = "0.1.0";
  manifest.config_digest = sha256("");
  manifest.profile = "server";
  manifest.sequence = sequence;
  manifest.started = "2026-11-21T01:02:03Z";
  manifest.ended = "2026-11-21T01:02:04Z";
  manifest.tables = {{"sample", TableStatus::kOk, "", sha256(table), 2,
                      static_cast<std::int64_t>(table.size()), 1},
                     {"shadow", TableStatus::kUnavailable, "permission_denied: reading /etc/shadow",
                      std::nullopt, 0, 0, 1}};
  return manifest;
}

void SampleBundle::add(const Manifest& manifest) {
  const std::string bytes = to_canonical(manifest).value();
  bundle.manifests.push_back({bytes, sign(agent.key, bytes).value(), ""});
}

SampleBundle sample_bundle(std::int64_t manifests) {
  SampleBundle sample;
  sample.authority = make_authority();
  sample.agent = make_agent(sample.authority, kSampleHost);
  sample.bundle.ca = sample.authority.certificate;
  sample.bundle.certificates = {sample.agent.certificate};
  const std::string table = to_canonical(sample_table()).value();
  sample.bundle.tables.emplace(sha256(table), table);
  for (std::int64_t sequence = 1; sequence <= manifests; ++sequence) {
    Manifest manifest = sample_manifest(sequence);
    if (sequence > 1) manifest.previous = sha256(sample.bundle.manifests.back().manifest);
    sample.add(manifest);
  }
  return sample;
}

}  // namespace assay::evidence
