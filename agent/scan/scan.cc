#include "agent/scan/scan.h"

#include <algorithm>
#include <chrono>

#include "agent/probes/probe.h"
#include "evidence/canonical.h"
#include "evidence/compress.h"
#include "evidence/schema.h"
#include "evidence/timestamp.h"

namespace assay::agent {

namespace {

using std::chrono::steady_clock;

std::int64_t milliseconds_since(steady_clock::time_point start) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(steady_clock::now() - start).count();
}

// Lines of the canonical form behind the header: what was left when duplicates were removed.
std::int64_t rows_in(std::string_view canonical) {
  return std::ranges::count(canonical, '\n') - 1;
}

Result<evidence::Table> run_probe(Host& host, std::string_view name) {
  const auto* spec = evidence::find_table(name);
  const auto* probe = find_probe(name);
  if (spec == nullptr || probe == nullptr)
    return fail(Code::kNotSupported, "no probe of this agent fills the table");
  if (spec->is_live_only && !host.is_live())
    return fail(Code::kNotSupported, "needs the running machine, and an image is read");
  auto table = probe->collect(host);
  if (table && table->header() != evidence::header_of(*spec))
    return fail(Code::kInternal, "the probe filled another table");
  return table;
}

}  // namespace

std::string reason_of(const Error& error) {
  std::string reason(name_of(error.code()));
  reason.append(": ").append(error.message());
  if (reason.size() > evidence::kMaxReasonBytes) reason.resize(evidence::kMaxReasonBytes);
  return reason;
}

ScannedTable collect(Host& host, std::string_view table, bool keep_frame) {
  ScannedTable out;
  out.name = table;
  const auto start = steady_clock::now();
  const auto finish = [&](const Error& error) {
    out.rows.reset();
    out.digest.reset();
    out.reason = reason_of(error);
    out.milliseconds = milliseconds_since(start);
    return std::move(out);
  };
  auto rows = run_probe(host, table);
  if (!rows) return finish(rows.error());
  out.rows = std::move(*rows);
  const auto canonical = evidence::to_canonical(*out.rows);
  if (!canonical) return finish(canonical.error());
  out.digest = evidence::sha256(*canonical);
  out.bytes = static_cast<std::int64_t>(canonical->size());
  out.row_count = rows_in(*canonical);
  if (keep_frame) {
    auto frame = evidence::compress(*canonical);
    if (!frame) return finish(frame.error());
    out.frame = std::move(*frame);
  }
  out.milliseconds = milliseconds_since(start);
  return out;
}

Scan scan(Host& host, const ScanOptions& options) {
  Scan out;
  out.started = host.now();
  for (const auto& probe : all_probes())
    if (options.tables.empty() || options.tables.contains(std::string(probe.table)))
      out.tables.push_back(collect(host, probe.table, options.keep_frames));
  std::ranges::sort(out.tables, {}, &ScannedTable::name);
  out.ended = host.now();
  return out;
}

const ScannedTable* Scan::find(std::string_view name) const {
  const auto found = std::ranges::lower_bound(tables, name, {}, &ScannedTable::name);
  return found != tables.end() && found->name == name ? &*found : nullptr;
}

checks::TableSource::Entry ScanSource::find(std::string_view table) const {
  const auto* scanned = scan_.find(table);
  if (scanned == nullptr) return {std::nullopt, "no probe of this agent fills the table"};
  return {scanned->digest, scanned->reason};
}

Result<evidence::Table> ScanSource::load(std::string_view table) const {
  const auto* scanned = scan_.find(table);
  if (scanned == nullptr || !scanned->is_ok())
    return fail(Code::kNotFound, "the scan does not have the table");
  return *scanned->rows;
}

evidence::Manifest manifest_of(const Scan& scan) {
  evidence::Manifest manifest;
  manifest.started = evidence::to_timestamp(scan.started);
  manifest.ended = evidence::to_timestamp(scan.ended);
  for (const auto& table : scan.tables) {
    evidence::ManifestEntry entry;
    entry.name = table.name;
    entry.status = table.is_ok() ? evidence::TableStatus::kOk : evidence::TableStatus::kUnavailable;
    entry.reason = table.reason;
    entry.digest = table.digest;
    entry.rows = table.row_count;
    entry.bytes = table.bytes;
    entry.milliseconds = table.milliseconds;
    manifest.tables.push_back(std::move(entry));
  }
  return manifest;
}

}  // namespace assay::agent
