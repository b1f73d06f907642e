// Many snapshots in one transaction, and three waits for the server however many they are: what is
// there is asked for all of them at once, each is judged in memory as if it came alone behind the
// ones before it, and what is to be written goes out together.
#pragma once

#include <map>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "collector/store/evidence_store.h"
#include "collector/store/postgres/connection.h"
#include "collector/store/sql/known_tables.h"

namespace assay::collector::postgres {

class GroupCommit {
 public:
  // Inside a transaction that has begun. Years are prepared.
  GroupCommit(Connection& connection, sql::KnownTables& known,
              std::span<const SnapshotCommit> commits)
      : connection_(connection), known_(known), commits_(commits) {}

  // One for each of the commits. Nothing is written by those that fail; an Error is that of all.
  [[nodiscard]] Result<std::vector<Result<Receipt>>> run();

 private:
  using Place = std::pair<std::string, std::int64_t>;  // host and sequence number
  struct There {
    evidence::Digest digest;
    evidence::Seconds accepted_at;
    bool is_whole = true;  // its manifest is kept, and whole
  };

  // Locks the hosts, and reads which of them are there, and what is at and before each place.
  [[nodiscard]] Status look();
  [[nodiscard]] Status look_for_tables();
  [[nodiscard]] Result<Receipt> judge(const SnapshotCommit& commit);
  [[nodiscard]] Status check_host(const std::string& host_id) const;
  [[nodiscard]] Status check_tables(const SnapshotCommit& commit);
  [[nodiscard]] Status look_for_bases();
  [[nodiscard]] Status check_bases(const SnapshotCommit& commit) const;
  [[nodiscard]] Status write();
  void write_tables();
  void note_uses();
  void write_hosts();
  void write_manifests();
  void write_snapshots();

  Connection& connection_;
  sql::KnownTables& known_;
  std::span<const SnapshotCommit> commits_;
  std::map<std::string, bool> hosts_;  // whether it is revoked
  std::map<Place, There> snapshots_;
  std::map<evidence::Digest, sql::KnownTables::Facts> tables_;  // read, or accepted just now
  std::set<evidence::Digest> bases_;  // stored whole, of those that something differs from
  std::vector<const SnapshotCommit*> accepted_;
  std::vector<Event> events_;
};

}  // namespace assay::collector::postgres
