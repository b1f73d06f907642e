#include "agent/scan/scan.h"

#include <algorithm>
#include <chrono>
#include <functional>

#include "agent/probes/probe.h"
#include "agent/scan/network/network_look.h"
#include "agent/scan/network/wire_watch.h"
#include "checks/engine/register.h"
#include "evidence/canonical.h"
#include "evidence/compress.h"
#include "evidence/schema.h"
#include "evidence/timestamp.h"

namespace assay::agent {

namespace {

// Lines of the canonical form behind the header: what was left when duplicates were removed.
std::int64_t rows_in(std::string_view canonical) {
  return std::ranges::count(canonical, '\n') - 1;
}

// The walk itself: the whole tree of a large file server, once a day.
constexpr Budget kWalkBudget{.cpu = std::chrono::minutes(5),
                             .wall = std::chrono::minutes(30),
                             .memory_bytes = std::uint64_t{24} << 20U};

// Nothing found means nothing where no system is: an empty folder, or a wrong one.
Status check_is_a_system(Host& host) {
  if (host.is_live()) return {};
  for (const auto folder : {"/etc", "/usr", "/var", "/bin"}) {
    const auto status = host.status(folder);
    if (status || status.error().code() != Code::kNotFound) return {};
  }
  return fail(Code::kNotFound, "no system is there: neither /etc, /usr, /var nor /bin");
}

Status check_can_run(const evidence::TableSpec* spec, Host& host) {
  if (spec == nullptr) return fail(Code::kNotSupported, "no probe of this agent fills the table");
  if (spec->is_live_only && !host.is_live())
    return fail(Code::kNotSupported, "needs the running machine, and an image is read");
  return check_is_a_system(host);
}

std::int64_t in_milliseconds(std::chrono::microseconds time) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
}

Status keep(evidence::Table rows, bool keep_frame, ScannedTable& out) {
  if (rows.header() != evidence::header_of(*evidence::find_table(out.name)))
    return fail(Code::kInternal, "the probe filled another table");
  const auto canonical = evidence::to_canonical(rows);
  if (!canonical) return fail(canonical.error());
  if (keep_frame) {
    auto frame = evidence::compress(*canonical);
    if (!frame) return fail(frame.error());
    out.frame = std::move(*frame);
  }
  out.digest = evidence::sha256(*canonical);
  out.bytes = static_cast<std::int64_t>(canonical->size());
  out.row_count = rows_in(*canonical);
  out.rows = std::move(rows);
  return {};
}

// Runs `make` under the budget, and keeps the table that it made or the reason why there is none.
template <typename Make>
ScannedTable collect_with(Host& host, std::string_view table, const Budget& budget, bool keep_frame,
                          Make make) {
  ScannedTable out;
  out.name = table;
  BudgetHost within(host, budget);
  Result<evidence::Table> rows = make(within);
  Status kept;
  if (const auto& over = within.exceeded())
    kept = fail(*over);
  else if (!rows)
    kept = fail(std::move(rows.error()));
  else
    kept = keep(std::move(*rows), keep_frame, out);
  if (!kept) out.reason = reason_of(kept.error());
  (void)within.exceeded();  // the last look at the clocks
  out.cost = within.cost();
  out.milliseconds = in_milliseconds(out.cost.wall);
  return out;
}

std::vector<ProbeCost> costs_of(const Scan& scan) {
  std::vector<ProbeCost> costs;
  for (const auto& table : scan.tables)
    // One that was left out has cost nothing.
    if (table.cost.wall.count() > 0) costs.push_back({table.name, table.cost});
  if (scan.walk) costs.push_back({kWalkName, *scan.walk});
  return costs;
}

bool is_left_out(const Probe& probe, const ScanOptions& options) {
  return probe.cadence == Cadence::kDaily && options.daily &&
         !options.daily->contains(std::string(probe.table));
}

// The tables of the network's sources that are wanted, looked at or with the reason why not.
void look_at_networks(Host& host, const ScanOptions& options,
                      const std::function<bool(std::string_view)>& is_wanted, Scan& out) {
  const auto ports = std::ranges::find(out.tables, "listening_ports", &ScannedTable::name);
  const std::optional<ScannedTable> listening =
      ports == out.tables.end() ? std::nullopt : std::optional(*ports);
  for (const auto& source : network_sources()) {
    if (std::ranges::none_of(source.tables, is_wanted)) continue;
    const bool is_there = options.network == nullptr
                              ? source.subject == NetworkSubject::kServices
                              : source.use(*options.network->settings).has_value();
    if (!is_there) continue;
    const bool is_left = options.daily && std::ranges::none_of(source.tables, [&](auto table) {
                           return options.daily->contains(std::string(table));
                         });
    const bool is_asked =
        options.network != nullptr && !is_left &&
        (options.network->is_told || source.use(*options.network->settings) == NetworkUse::kOn);
    NetworkAnswer answer;
    if (const auto can = check_can_run(evidence::find_table(source.tables.front()), host); !can)
      for (const auto table : source.tables) answer.tables.push_back(missing(table, can.error()));
    else if (source.subject == NetworkSubject::kOthers)
      answer.tables = not_looked_at(source, kAsksOthers);
    else if (!is_asked)
      answer.tables = not_looked_at(source, not_asked(source));
    else
      answer = look_at_network(host, source, *options.network, listening ? &*listening : nullptr,
                               options.keep_frames);
    if (!answer.loss.empty()) out.losses.push_back(answer.loss);
    for (auto& table : answer.tables)
      if (is_wanted(table.name)) out.tables.push_back(std::move(table));
  }
}

// Shows what one walk sees to all walkers.
class Party final : public TreeVisitor {
 public:
  void add(Walker& walker) { walkers_.push_back(&walker); }
  void visit(const TreeEntry& entry) override {
    for (auto* walker : walkers_) walker->visit(entry);
  }

 private:
  std::vector<Walker*> walkers_;
};

}  // namespace

std::string reason_of(const Error& error) {
  std::string reason(name_of(error.code()));
  reason.append(": ").append(error.message());
  if (reason.size() > evidence::kMaxReasonBytes) reason.resize(evidence::kMaxReasonBytes);
  return reason;
}

ScannedTable missing(std::string_view table, const Error& why) {
  ScannedTable out;
  out.name = table;
  out.reason = reason_of(why);
  return out;
}

ScannedTable finished_table(evidence::Table rows, bool keep_frame) {
  ScannedTable out;
  out.name = rows.header().table;
  if (auto kept = keep(std::move(rows), keep_frame, out); !kept)
    return missing(out.name, kept.error());
  return out;
}

ScannedTable collect(Host& host, const Probe& probe, bool keep_frame) {
  if (auto can = check_can_run(evidence::find_table(probe.table), host); !can)
    return missing(probe.table, can.error());
  if (probe.walker != nullptr) {
    Scan walked;
    collect_walked(host, {&probe}, keep_frame, walked);
    return std::move(walked.tables.front());
  }
  return collect_with(host, probe.table, probe.budget, keep_frame,
                      [&](Host& within) { return probe.collect(within); });
}

ScannedTable collect_own(Host& host, std::string_view table, const OwnFacts& facts,
                         bool keep_frame) {
  if (auto can = check_can_run(evidence::find_table(table), host); !can)
    return missing(table, can.error());
  return collect_with(host, table, Budget(), keep_frame, [&](Host&) {
    return table == "agent_info" ? agent_info(facts) : agent_gaps(facts);
  });
}

ScannedTable collect_given(Host& host, std::string_view table, Result<evidence::Table> given,
                           bool keep_frame) {
  if (auto can = check_can_run(evidence::find_table(table), host); !can)
    return missing(table, can.error());
  return collect_with(host, table, Budget(), keep_frame, [&](Host&) { return std::move(given); });
}

ScannedTable collect_costs(Host& host, std::span<const ProbeCost> costs, bool keep_frame) {
  return collect_with(host, kCostsTable, Budget(), keep_frame,
                      [&](Host&) { return Result<evidence::Table>(agent_costs(costs)); });
}

void collect_walked(Host& host, const std::vector<const Probe*>& walkers, bool keep_frames,
                    Scan& out) {
  Party party;
  std::vector<std::unique_ptr<Walker>> walking;
  for (const auto* probe : walkers) party.add(*walking.emplace_back(probe->walker()));
  BudgetHost within(host, kWalkBudget);
  Result<WalkSummary> walk = within.walk(party);
  if (const auto& over = within.exceeded()) walk = fail(*over);
  out.walk = within.cost();
  for (std::size_t i = 0; i < walkers.size(); ++i) {
    const auto& probe = *walkers[i];
    if (auto can = check_can_run(evidence::find_table(probe.table), host); !can) {
      out.tables.push_back(missing(probe.table, can.error()));
      continue;
    }
    out.tables.push_back(collect_with(host, probe.table, probe.budget, keep_frames, [&](Host& h) {
      return walk ? walking[i]->finish(h, *walk) : Result<evidence::Table>(fail(walk.error()));
    }));
  }
}

Scan scan(Host& host, const ScanOptions& options) {
  Scan out;
  host.start_scan();
  out.started = host.now();
  // What every probe costs is known when every probe has run.
  const bool is_all = options.tables.empty() || options.tables.contains(std::string(kCostsTable));
  const auto is_wanted = [&](std::string_view table) {
    return is_all || options.tables.contains(std::string(table));
  };
  const auto is_system = check_is_a_system(host);
  std::vector<const Probe*> walkers;
  const bool has_sensor = options.own != nullptr && options.own->settings->sensor.is_on();
  for (const auto& probe : all_probes()) {
    if (!is_wanted(probe.table) || (has_sensor && probe.table == kCaptureTable)) continue;
    if (is_left_out(probe, options))
      out.tables.push_back(missing(
          probe.table,
          Error(Code::kUnavailable, "left out of this scan: it reads many files (scan --all)")));
    else if (probe.walker != nullptr && !is_system)
      out.tables.push_back(missing(probe.table, is_system.error()));
    else if (probe.walker != nullptr)
      walkers.push_back(&probe);
    else
      out.tables.push_back(collect(host, probe, options.keep_frames));
  }
  if (!walkers.empty()) collect_walked(host, walkers, options.keep_frames, out);
  look_at_networks(host, options, is_wanted, out);
  if (has_sensor)
    for (auto& table : not_watched(kWatchesElsewhere))
      if (is_wanted(table.name)) out.tables.push_back(std::move(table));
  if (is_all) out.tables.push_back(collect_costs(host, costs_of(out), options.keep_frames));
  if (options.own != nullptr)
    for (const auto table : kOwnTables)
      if (is_wanted(table))
        out.tables.push_back(collect_own(host, table, *options.own, options.keep_frames));
  std::ranges::sort(out.tables, {}, &ScannedTable::name);
  out.ended = host.now();
  return out;
}

const ScannedTable* Scan::find(std::string_view name) const {
  const auto found = std::ranges::lower_bound(tables, name, {}, &ScannedTable::name);
  return found != tables.end() && found->name == name ? &*found : nullptr;
}

checks::TableSource::Entry ScanSource::find(std::string_view table) const {
  if (checks::is_of_register(table)) return checks::register_entry_alone(table);
  const auto* scanned = scan_.find(table);
  if (scanned == nullptr) return {std::nullopt, "no probe of this agent fills the table"};
  return {scanned->digest, scanned->reason};
}

Result<evidence::Table> ScanSource::load(std::string_view table) const {
  const auto rows = share(table);
  if (!rows) return fail(rows.error());
  return **rows;
}

Result<std::shared_ptr<const evidence::Table>> ScanSource::share(std::string_view table) const {
  if (checks::is_of_register(table)) {
    auto known = checks::register_table_alone(table);
    if (!known) return fail(known.error());
    return std::make_shared<const evidence::Table>(std::move(*known));
  }
  const auto* scanned = scan_.find(table);
  if (scanned == nullptr || !scanned->is_ok())
    return fail(Code::kNotFound, "the scan does not have the table");
  // The scan outlives its source.
  return std::shared_ptr<const evidence::Table>(std::shared_ptr<const void>(), &*scanned->rows);
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
    if (table.collected) entry.collected = evidence::to_timestamp(*table.collected);
    manifest.tables.push_back(std::move(entry));
  }
  return manifest;
}

}  // namespace assay::agent
