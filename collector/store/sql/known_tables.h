// Tables that are known to be stored, so that the snapshot of an unchanged machine costs no look
// for each of its tables. Of what is known nothing is ever older than the transaction it is used
// in: whatever may have taken a table away, and whatever is rolled back, empties it.
//
// Safe from any thread; begin() and find() inside a transaction.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "collector/store/recent_map.h"
#include "collector/store/sql/connection.h"
#include "evidence/digest.h"

namespace assay::collector::sql {

class KnownTables {
 public:
  struct Facts {
    std::string name;
    std::int64_t bytes = 0;       // of the canonical form
    evidence::Seconds used_at{};  // as noted when it was read; the epoch for never
  };

  // At the beginning of each transaction, with a number that differs from the one before when
  // a table may have been taken away in between.
  void begin(std::int64_t version);
  // Something was rolled back.
  void forget();
  void forget(const evidence::Digest& digest);
  // From memory, or from the store. kNotFound.
  [[nodiscard]] Result<Facts> find(Connection& connection, const evidence::Digest& digest);
  // From memory alone.
  [[nodiscard]] std::optional<Facts> recall(const evidence::Digest& digest);
  void learn(const evidence::Digest& digest, const Facts& facts);  // read inside a transaction
  // Of `digests`, those that are not known. Outside a transaction what is known is a good guess,
  // and find() has the last word.
  [[nodiscard]] std::vector<evidence::Digest> unknown(std::span<const evidence::Digest> digests);

 private:
  // Some 120 bytes each.
  static constexpr std::size_t kMaxEach = 32'768;

  std::mutex mutex_;
  RecentMap<evidence::Digest, Facts> tables_{kMaxEach};
  std::int64_t version_ = -1;
};

}  // namespace assay::collector::sql
