#include "collector/api/present.h"

#include "evidence/refusal.h"
#include "evidence/value_json.h"

namespace assay::collector::api {

Json to_json(const Text& text) {
  return {{"en", text.en}, {"zh-TW", text.zh_tw}};
}

Json to_json(evidence::Seconds time) {
  return evidence::to_timestamp(time);
}

Json to_json(const std::optional<evidence::Seconds>& time) {
  return time ? to_json(*time) : Json(nullptr);
}

Json to_json(const evidence::Value& value) {
  return evidence::json_of<Json>(value);
}

namespace {

Json hex_or_null(const std::optional<evidence::Digest>& digest) {
  return digest ? Json(digest->hex()) : Json(nullptr);
}

}  // namespace

Json to_json(const Host& host) {
  return {{"id", host.id},
          {"name", host.name},
          {"profile", host.profile},
          {"os", host.os},
          {"state", name_of(host.state)},
          {"enrolled_at", to_json(host.enrolled_at)},
          {"last_seen", to_json(host.last_seen)},
          {"last_snapshot", hex_or_null(host.last_snapshot)},
          {"last_sequence", host.last_sequence}};
}

Json to_json(const Snapshot& snapshot) {
  return {{"id", snapshot.digest.hex()},
          {"host", snapshot.host_id},
          {"sequence", snapshot.sequence},
          {"previous", hex_or_null(snapshot.previous)},
          {"profile", snapshot.profile},
          {"started", to_json(snapshot.started)},
          {"ended", to_json(snapshot.ended)},
          {"accepted_at", to_json(snapshot.accepted_at)},
          {"certificate_serial", snapshot.certificate_serial},
          {"signed", !snapshot.signature.empty() || snapshot.removed_at},
          {"removed_at", to_json(snapshot.removed_at)}};
}

Json to_json(const evidence::Manifest& manifest) {
  Json tables = Json::array();
  for (const auto& entry : manifest.tables) {
    const bool is_ok = entry.status == evidence::TableStatus::kOk;
    tables.push_back({{"name", entry.name},
                      {"status", is_ok ? "ok" : "unavailable"},
                      {"reason", entry.reason},
                      {"rows", entry.rows},
                      {"bytes", entry.bytes},
                      {"digest", hex_or_null(entry.digest)},
                      {"ms", entry.milliseconds},
                      {"collected", entry.collected ? Json(*entry.collected) : Json(nullptr)}});
  }
  return {{"host_id", manifest.host_id},
          {"host_name", manifest.host_name},
          {"agent_version", manifest.agent_version},
          {"config_digest", manifest.config_digest.hex()},
          {"profile", manifest.profile},
          {"sequence", manifest.sequence},
          {"previous", hex_or_null(manifest.previous)},
          {"started", manifest.started},
          {"ended", manifest.ended},
          {"tables", tables}};
}

Json to_json(const checks::Check& check, const checks::Content& content) {
  Json derived = Json::array();
  for (const auto& name : check.derived)
    derived.push_back({{"name", name}, {"query", content.derived.at(name).query}});
  Json controls = Json::array();
  for (const auto& mapping : check.mappings)
    controls.push_back({{"framework", mapping.framework},
                        {"control", mapping.control},
                        {"proves", name_of(mapping.proves)},
                        {"not_proven", to_json(mapping.not_proven)}});
  return {{"id", check.id},
          {"title", to_json(check.title)},
          {"rationale", to_json(check.rationale)},
          {"remedy", to_json(check.remedy)},
          {"severity", name_of(check.severity)},
          {"profiles", check.profiles},
          {"applies", check.applies},
          {"query", check.query},
          {"facts", check.facts},
          {"key", check.key},
          {"tables", check.tables},
          {"derived", derived},
          {"parameters", check.parameters},
          {"controls", controls},
          {"digest", check.digest.hex()}};
}

Json to_json(const checks::Applicability& applicability) {
  if (applicability.is_empty()) return nullptr;
  return {{"words", to_json(checks::words_for(applicability))},
          {"grades", applicability.grades},
          {"kinds", applicability.kinds},
          {"profiles", applicability.profiles},
          {"core_only", applicability.is_core_only},
          {"by_grade", applicability.is_by_grade},
          {"advanced", applicability.is_advanced},
          {"basis", words_or_null(applicability.basis)}};
}

Json words_or_null(const Text& text) {
  return text.en.empty() ? Json(nullptr) : to_json(text);
}

Json text_or_null(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

std::optional<evidence::Seconds> close_by(const Finding& finding, const checks::Content& content) {
  if (finding.state != FindingState::kOpen || finding.severity < kLeastToCloseInTime)
    return std::nullopt;
  const auto days = content.parameter(nullptr, "server", "finding_close_days").value;
  const auto* number = std::get_if<std::int64_t>(&days);
  if (number == nullptr) return std::nullopt;
  return finding.opened_at + std::chrono::days(*number);
}

Json to_json(const Finding& finding, const checks::Content& content) {
  const auto* check = content.check(finding.check_id);
  const Text unknown{finding.check_id, finding.check_id};
  return {{"id", finding.id.hex()},
          {"host", {{"id", finding.host_id}, {"name", finding.host_name}}},
          {"check", finding.check_id},
          {"title", to_json(check == nullptr ? unknown : check->title)},
          {"severity", name_of(finding.severity)},
          {"state", name_of(finding.state)},
          {"confirmed", finding.is_confirmed},
          {"frameworks", finding.frameworks},
          {"key", parsed(finding.key)},
          {"row", parsed(finding.row)},
          {"remedy", check == nullptr ? Json(nullptr) : to_json(check->remedy)},
          {"first_seen", to_json(finding.first_seen)},
          {"opened_at", to_json(finding.opened_at)},
          {"close_by", to_json(close_by(finding, content))},
          {"last_seen", to_json(finding.last_seen)},
          {"resolved_at", to_json(finding.resolved_at)},
          {"reopened", finding.reopened},
          {"snapshot", finding.snapshot.hex()}};
}

Json parsed(std::string_view json) {
  auto value = Json::parse(json, nullptr, false);
  return value.is_discarded() ? Json(nullptr) : value;
}

Json page_of(Json items, const std::string& next) {
  return {{"items", std::move(items)}, {"next", next.empty() ? Json(nullptr) : Json(next)}};
}

Result<ReadManifest> read_manifest(EvidenceStore& store, const Snapshot& snapshot) {
  auto bytes = store.manifest_bytes(snapshot);
  if (!bytes && snapshot.removed_at) return fail(bytes.error());  // says it all
  if (!bytes)
    return fail(bytes.error().within(phrase({"manifest {}", "清單 {}"}, snapshot.digest.hex())));
  auto manifest = evidence::manifest_from_canonical(*bytes);
  if (!manifest)
    return fail(manifest.error().within(phrase({"manifest {}", "清單 {}"}, snapshot.digest.hex())));
  return ReadManifest{std::move(*bytes), std::move(*manifest)};
}

}  // namespace assay::collector::api
