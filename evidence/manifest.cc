#include "evidence/manifest.h"

#include <algorithm>

#include "evidence/canonical.h"
#include "evidence/json_line.h"
#include "evidence/limits.h"
#include "evidence/timestamp.h"

namespace assay::evidence {

namespace {

constexpr std::size_t kUsualTables = 96;

ManifestEntry read_entry(JsonLineReader& in) {
  ManifestEntry entry;
  in.expect("{\"name\":");
  entry.name = in.text();
  in.expect(",\"status\":");
  const bool is_ok = in.next_is("\"ok\"");
  in.expect(is_ok ? "\"ok\"" : "\"unavailable\"");
  entry.status = is_ok ? TableStatus::kOk : TableStatus::kUnavailable;
  in.expect(",\"reason\":");
  entry.reason = in.text();
  in.expect(",\"digest\":");
  entry.digest = in.digest();
  in.expect(",\"rows\":");
  entry.rows = in.number();
  in.expect(",\"bytes\":");
  entry.bytes = in.number();
  in.expect(",\"ms\":");
  entry.milliseconds = in.number();
  if (in.next_is(",")) {
    in.expect(",\"collected\":");
    entry.collected = in.text();
  }
  in.expect("}");
  return entry;
}

Status check_meaning(const Manifest& manifest) {
  if (manifest.profile != "server" && manifest.profile != "pc")
    return fail(Code::kInvalidData, "manifest: the profile is server or pc");
  if (!is_timestamp(manifest.started) || !is_timestamp(manifest.ended))
    return fail(Code::kInvalidData, "manifest: started and ended are RFC 3339 times in UTC");
  if (manifest.sequence < 0 || manifest.sequence > kMaxSequence ||
      (manifest.sequence > 1) != manifest.previous.has_value())
    return fail(Code::kInvalidData, "manifest: every sequence number above 1 has a previous");
  if (manifest.tables.size() > kMaxTablesPerManifest)
    return fail(Code::kTooLarge, "manifest: more than 256 tables");
  for (std::size_t i = 0; i < manifest.tables.size(); ++i) {
    const auto& entry = manifest.tables[i];
    if (i > 0 && manifest.tables[i - 1].name >= entry.name)
      return fail(Code::kInvalidData, "manifest: tables are not sorted by name");
    if (!is_evidence_name(entry.name))
      return fail(Code::kInvalidData, "manifest: \"" + entry.name + "\" is not a table name");
    const bool is_ok = entry.status == TableStatus::kOk;
    if (entry.digest.has_value() != is_ok || entry.reason.empty() != is_ok)
      return fail(Code::kInvalidData,
                  "manifest: " + entry.name + " needs a digest, or the reason why it has none");
    if (entry.reason.size() > kMaxReasonBytes)
      return fail(Code::kTooLarge, "manifest: " + entry.name + ": a reason over 1024 bytes");
    if (entry.rows < 0 || static_cast<std::size_t>(entry.rows) > kMaxRows || entry.milliseconds < 0)
      return fail(Code::kInvalidData, "manifest: " + entry.name + ": a number out of range");
    if (entry.bytes < 0 || static_cast<std::size_t>(entry.bytes) > kMaxTableBytes)
      return fail(Code::kTooLarge, "manifest: " + entry.name + " is over 64 MiB");
    // Times in this one form sort as they follow each other.
    if (entry.collected &&
        (!is_timestamp(*entry.collected) || *entry.collected >= manifest.started))
      return fail(Code::kInvalidData, "manifest: " + entry.name +
                                          " was collected at a time that is not before the scan");
  }
  return {};
}

}  // namespace

const ManifestEntry* Manifest::find(std::string_view table) const {
  const auto found = std::ranges::lower_bound(tables, table, {}, &ManifestEntry::name);
  return found != tables.end() && found->name == table ? &*found : nullptr;
}

Result<std::string> to_canonical(const Manifest& manifest) {
  if (auto meaning = check_meaning(manifest); !meaning) return fail(meaning.error());
  JsonLineWriter writer;
  writer.open();
  writer.text("assay", "manifest/1");
  writer.text("host_id", manifest.host_id);
  writer.text("host_name", manifest.host_name);
  writer.text("agent_version", manifest.agent_version);
  writer.text("config_digest", manifest.config_digest.hex());
  writer.text("profile", manifest.profile);
  writer.number("sequence", manifest.sequence);
  writer.digest("previous", manifest.previous);
  writer.text("started", manifest.started);
  writer.text("ended", manifest.ended);
  writer.raw("tables", "[");
  for (std::size_t i = 0; i < manifest.tables.size(); ++i) {
    const auto& entry = manifest.tables[i];
    if (i > 0) writer.out().push_back(',');
    writer.open();
    writer.text("name", entry.name);
    writer.text("status", entry.status == TableStatus::kOk ? "ok" : "unavailable");
    writer.text("reason", entry.reason);
    writer.digest("digest", entry.digest);
    writer.number("rows", entry.rows);
    writer.number("bytes", entry.bytes);
    writer.number("ms", entry.milliseconds);
    if (entry.collected) writer.text("collected", *entry.collected);
    writer.close();
  }
  writer.out().append("]}\n");
  if (writer.out().size() > kMaxManifestBytes)
    return fail(Code::kTooLarge, "manifest: over 256 KiB");
  return std::move(writer.out());
}

Result<Manifest> manifest_from_canonical(std::string_view bytes) {
  if (bytes.size() > kMaxManifestBytes) return fail(Code::kTooLarge, "manifest: over 256 KiB");
  Manifest manifest;
  JsonLineReader in(bytes);
  in.expect("{\"assay\":\"manifest/1\",\"host_id\":");
  manifest.host_id = in.text();
  in.expect(",\"host_name\":");
  manifest.host_name = in.text();
  in.expect(",\"agent_version\":");
  manifest.agent_version = in.text();
  in.expect(",\"config_digest\":");
  const auto config = in.digest();
  in.expect(",\"profile\":");
  manifest.profile = in.text();
  in.expect(",\"sequence\":");
  manifest.sequence = in.number();
  in.expect(",\"previous\":");
  manifest.previous = in.digest();
  in.expect(",\"started\":");
  manifest.started = in.text();
  in.expect(",\"ended\":");
  manifest.ended = in.text();
  in.expect(",\"tables\":[");
  manifest.tables.reserve(kUsualTables);
  while (in.ok() && !in.next_is("]")) {
    if (!manifest.tables.empty()) in.expect(",");
    if (manifest.tables.size() == kMaxTablesPerManifest)
      return fail(Code::kTooLarge, "manifest: more than 256 tables");
    manifest.tables.push_back(read_entry(in));
  }
  in.expect("]}\n");
  if (!in.ok() || !in.at_end() || !config)
    return fail(Code::kInvalidData,
                "manifest: not in canonical form at byte " + std::to_string(in.position()));
  manifest.config_digest = *config;
  if (auto meaning = check_meaning(manifest); !meaning) return fail(meaning.error());
  return manifest;
}

}  // namespace assay::evidence
