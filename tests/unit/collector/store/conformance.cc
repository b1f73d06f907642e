#include "tests/unit/collector/store/conformance.h"

#include "collector/store/kept_form.h"
#include "collector/store/seal.h"
#include "evidence/compress.h"
#include "evidence/limits.h"

namespace assay::collector {

Token enrollment_token(const std::string& secret) {
  Token token;
  token.hash = evidence::sha256(secret);
  token.id = token.hash.hex().substr(0, 12);
  token.created = at(10);
  token.expires = at(100);
  return token;
}

Certificate certificate_of(const std::string& host_id, const std::string& serial) {
  return {serial, host_id, at(10), at(1000), std::nullopt, "PEM of " + serial};
}

StoredTable table_with(const std::string& name, const std::string& content) {
  return {{evidence::sha256(content), name, static_cast<std::int64_t>(content.size()), 0, {}},
          evidence::compress(content).value(),
          {}};
}

StoredTable table_differing(const std::string& name, const std::string& content,
                            const StoredTable& base) {
  auto table = table_with(name, content);
  const auto whole = evidence::decompress(base.frame, evidence::kMaxTableBytes).value();
  table.frame = sealed(evidence::compress_with(whole, content).value());
  table.base = base.facts.digest;
  return table;
}

NewSnapshot snapshot_of(const std::string& host_id, std::int64_t sequence,
                        const std::vector<StoredTable>& tables,
                        std::optional<evidence::Digest> previous) {
  NewSnapshot snapshot;
  auto& manifest = snapshot.manifest;
  manifest.host_id = host_id;
  manifest.host_name = "name of " + host_id;
  manifest.agent_version = "0.1.0";
  manifest.profile = "server";
  manifest.sequence = sequence;
  manifest.previous = previous;
  manifest.started = "2026-11-21T01:02:03Z";
  manifest.ended = "2026-11-21T01:02:04Z";
  for (const auto& table : tables) {
    evidence::ManifestEntry entry;
    entry.name = table.facts.name;
    entry.status = evidence::TableStatus::kOk;
    entry.digest = table.facts.digest;
    entry.bytes = table.facts.bytes;
    manifest.tables.push_back(std::move(entry));
  }
  const auto bytes = evidence::to_canonical(manifest).value();
  snapshot.digest = evidence::sha256(bytes);
  snapshot.manifest_frame = evidence::compress(bytes).value();
  snapshot.signature = "signature";
  snapshot.certificate_serial = "serial";
  snapshot.now = at(100 + sequence);
  return snapshot;
}

NewSnapshot differing(NewSnapshot snapshot, const NewSnapshot& base) {
  const auto bytes = evidence::to_canonical(snapshot.manifest).value();
  const auto whole = evidence::to_canonical(base.manifest).value();
  snapshot.manifest_frame = sealed(evidence::compress_with(whole, bytes).value());
  snapshot.manifest_base = base.manifest.sequence;
  return snapshot;
}

VerdictInterval verdict(const std::string& check, checks::State state,
                        const std::vector<std::string>& frameworks) {
  VerdictInterval interval;
  interval.check_id = check;
  interval.parameters = "{}";
  interval.frameworks = frameworks;
  interval.state = state;
  interval.key = evidence::sha256(check + std::string(checks::name_of(state)));
  interval.check_digest = evidence::sha256(check);
  return interval;
}

Finding finding_of(const std::string& host_id, const std::string& check, const std::string& key,
                   std::int64_t first_seen) {
  Finding finding;
  finding.id = evidence::sha256(host_id + check + key);
  finding.host_id = host_id;
  finding.check_id = check;
  finding.key = "{\"key\":\"" + key + "\"}";
  finding.row = "{\"row\":\"" + key + "\"}";
  finding.frameworks = {"idb-isp"};
  finding.first_seen = finding.opened_at = finding.last_seen = at(first_seen);
  return finding;
}

std::string complaints(Store& store) {
  const auto all = store.self_check();
  if (!all) return all.error().message();
  std::string lines;
  for (const auto& one : *all) lines.append(one.en).append("\n");
  return lines;
}

void StoreConformance::SetUp() {
  engine_ = GetParam().make();
  reopen();
}

void StoreConformance::reopen() {
  store_.reset();
  auto opened = engine_->open();
  ASSERT_TRUE(opened) << opened.error().message();
  store_ = std::move(*opened);
}

void StoreConformance::enroll(const std::string& host_id) {
  const auto token = enrollment_token("secret of " + host_id);
  ASSERT_TRUE(store().add_token(token));
  Host host;
  host.id = host_id;
  host.name = "name of " + host_id;
  host.enrolled_at = at(20);
  const auto enrolled =
      store().enroll(token.hash, host, certificate_of(host_id, "first of " + host_id), at(20));
  ASSERT_TRUE(enrolled) << enrolled.error().message();
}

Receipt StoreConformance::accept(const NewSnapshot& snapshot,
                                 const std::vector<StoredTable>& tables) {
  auto receipt = store().commit_snapshot(snapshot, tables);
  EXPECT_TRUE(receipt) << receipt.error().message();
  return receipt.value_or(Receipt{});
}

Status StoreConformance::judge(const std::string& host_id, std::int64_t now,
                               EvaluationChange change) {
  auto mark = store().mark(host_id);
  if (!mark) return fail(mark.error());
  change.mark.host_id = host_id;
  change.mark.revision = mark->revision;
  change.mark.removals = mark->removals;
  change.mark.day = "2026-11-21";
  change.mark.scanned_at = at(now - 1);
  change.mark.evaluated_at = at(now);
  if (change.mark.snapshot == evidence::Digest{})
    change.mark.snapshot = evidence::sha256("snapshot at " + std::to_string(now));
  return store().commit_evaluation(change);
}

}  // namespace assay::collector
