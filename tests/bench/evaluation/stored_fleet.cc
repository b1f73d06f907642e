#include "tests/bench/evaluation/stored_fleet.h"

#include <fmt/core.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <unordered_set>

#include "collector/identity/token.h"
#include "evidence/canonical.h"
#include "evidence/compress.h"

namespace assay::bench {

using namespace assay::collector;  // NOLINT: a bench

namespace {

class Filler {
 public:
  Filler(Store& store, evidence::Seconds now) : store_(store), now_(now) {}

  void add(const Machine& machine, std::size_t number);

 private:
  std::string enroll(std::size_t number);

  Store& store_;
  const evidence::Seconds now_;
  std::unordered_set<evidence::Digest> known_;  // tables that the store has
};

void Filler::add(const Machine& machine, std::size_t number) {
  const auto id = enroll(number);
  NewSnapshot snapshot;
  snapshot.manifest.host_id = id;
  snapshot.manifest.host_name = fmt::format("host-{:05}", number);
  snapshot.manifest.profile = "server";
  snapshot.manifest.sequence = 1;
  snapshot.manifest.agent_version = "0.1.0";
  snapshot.manifest.started = snapshot.manifest.ended = evidence::to_timestamp(now_);
  std::vector<StoredTable> tables;
  std::map<std::string, const SharedTable*> all;
  for (const auto& [name, table] : *machine.image) all[name] = &table;
  for (const auto& [name, table] : machine.own) all[name] = &table;
  for (const auto& [name, table] : all) {
    const auto bytes = need(evidence::to_canonical(*table->rows));
    snapshot.manifest.tables.push_back(
        {.name = name,
         .status = evidence::TableStatus::kOk,
         .digest = table->digest,
         .rows = static_cast<std::int64_t>(table->rows->rows().size()),
         .bytes = static_cast<std::int64_t>(bytes.size())});
    if (known_.insert(table->digest).second)
      tables.push_back({{table->digest, name, static_cast<std::int64_t>(bytes.size()), 0, {}},
                        need(evidence::compress(bytes))});
  }
  const auto canonical = need(evidence::to_canonical(snapshot.manifest));
  snapshot.digest = evidence::sha256(canonical);
  snapshot.manifest_frame = need(evidence::compress(canonical));
  snapshot.signature = "not asked for here";
  snapshot.certificate_serial = "00";
  snapshot.now = now_;
  (void)need(store_.commit_snapshot(snapshot, tables));
}

std::string Filler::enroll(std::size_t number) {
  const auto token = need(new_enrollment_token({}, now_, std::chrono::hours(1)));
  need(store_.add_token(token.record));
  Host host;
  host.id = need(new_uuid());
  host.name = fmt::format("host-{:05}", number);
  host.enrolled_at = now_;
  Certificate certificate;
  certificate.serial = fmt::format("{:x}", number + 1);
  certificate.host_id = host.id;
  certificate.not_before = now_;
  certificate.not_after = now_ + std::chrono::hours(1);
  need(store_.enroll(token.record.hash, host, certificate, now_));
  return host.id;
}

}  // namespace

TemporaryFolder::TemporaryFolder() {
  // mkdtemp(3) writes over the X.
  auto pattern = (std::filesystem::temp_directory_path() / "assay-bench-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
  path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;  // it is a temporary one
  std::filesystem::remove_all(path_, ignored);
}

void fill(Store& store, const std::vector<Machine>& machines, evidence::Seconds now) {
  Filler filler(store, now);
  for (std::size_t i = 0; i < machines.size(); ++i) filler.add(machines[i], i);
}

}  // namespace assay::bench
