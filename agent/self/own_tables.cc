#include "agent/self/own_tables.h"

#include <unistd.h>

#include <fstream>
#include <iterator>

#include "agent/identity/identity.h"
#include "agent/self/process_rights.h"
#include "agent/spool/gap_log.h"
#include "agent/spool/ledger_memory.h"
#include "evidence/schema.h"

namespace assay::agent {

namespace {

using evidence::Value;

Value text_or_null(const std::string& text) {
  return text.empty() ? Value(evidence::kNull) : Value(text);
}

Value number_or_null(std::optional<std::int64_t> number) {
  return number ? Value(*number) : Value(evidence::kNull);
}

Value time_or_null(const std::optional<evidence::Seconds>& time) {
  return time ? Value(evidence::to_timestamp(*time)) : Value(evidence::kNull);
}

ProcessRights own_rights() {
  std::ifstream status("/proc/self/status");
  return rights_in(std::string(std::istreambuf_iterator<char>(status), {}));
}

}  // namespace

Result<evidence::Table> agent_info(const OwnFacts& facts) {
  const auto& settings = *facts.settings;
  const auto identity = load_identity(StateFolder(settings.state_dir));
  if (!identity && identity.error().code() != Code::kNotFound) return fail(identity.error());
  std::string collector = facts.collector.empty() ? settings.collector.address : facts.collector;
  std::optional<evidence::Seconds> ends;
  if (identity) {
    if (collector.empty()) collector = identity->collector;
    const auto certificate = evidence::read_certificate(identity->certificate);
    if (!certificate) return fail(certificate.error());
    ends = certificate->not_after;
  }
  const auto rights = own_rights();
  evidence::Table table(*evidence::find_table("agent_info"));
  table.add({{"version", ASSAY_VERSION},
             {"enrolled", std::int64_t{identity.has_value()}},
             {"host_id", identity ? Value(identity->host_id) : Value(evidence::kNull)},
             {"collector", text_or_null(collector)},
             {"certificate_ends", time_or_null(ends)},
             {"profile", settings.profile},
             {"settings_digest", digest_of(settings).hex()},
             {"scan_interval", std::int64_t{settings.scan.interval.count()}},
             {"walk_interval", std::int64_t{settings.scan.walk_interval.count()}},
             {"state_dir", settings.state_dir},
             {"spool_max_bytes", settings.spool.max_bytes},
             {"uid", std::int64_t{::geteuid()}},
             {"capabilities", text_or_null(rights.capabilities)},
             {"no_new_privileges", number_or_null(rights.no_new_privileges)},
             {"seccomp", number_or_null(rights.seccomp)}});
  return table;
}

Result<evidence::Table> agent_gaps(const OwnFacts& facts) {
  const auto gaps = read_gaps(StateFolder(facts.settings->state_dir).gaps());
  if (!gaps) return fail(gaps.error());
  evidence::Table table(*evidence::find_table("agent_gaps"));
  for (const auto& gap : *gaps)
    table.add({{"since", time_or_null(gap.since)},
               {"until", time_or_null(gap.until)},
               {"kind", gap.kind},
               {"detail", gap.detail},
               {"count", gap.count}});
  // What the courier found wrong with the collector's ledger.
  const auto memory = read_ledger_memory(StateFolder(facts.settings->state_dir));
  if (!memory) return fail(memory.error());
  for (const auto& gap : memory->alarms)
    table.add({{"since", time_or_null(gap.since)},
               {"until", time_or_null(gap.until)},
               {"kind", gap.kind},
               {"detail", gap.detail},
               {"count", gap.count}});
  return table;
}

evidence::Table agent_costs(std::span<const ProbeCost> costs) {
  evidence::Table table(*evidence::find_table("agent_costs"));
  for (const auto& [probe, cost] : costs)
    table.add({{"probe", std::string(probe)},
               {"cpu_us", std::int64_t{cost.cpu.count()}},
               {"wall_us", std::int64_t{cost.wall.count()}},
               {"peak_kib", static_cast<std::int64_t>(cost.memory_bytes >> 10U)},
               {"read_bytes", static_cast<std::int64_t>(cost.read_bytes)},
               {"calls", cost.calls}});
  return table;
}

}  // namespace assay::agent
