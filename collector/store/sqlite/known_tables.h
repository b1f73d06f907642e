// Tables that are known to be stored, so that the snapshot of an unchanged machine costs no look
// for each of its tables. Of what is known nothing is ever older than the transaction it is used
// in: whatever another connection commits, and whatever is rolled back, empties it.
//
// Used under the lock of the writing connection, inside a transaction; unknown() by any thread.
#pragma once

#include <cstdint>
#include <mutex>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "collector/store/sqlite/database.h"
#include "evidence/digest.h"

namespace assay::collector::sqlite {

class KnownTables {
 public:
  struct Facts {
    std::string name;
    std::int64_t bytes = 0;  // of the canonical form
  };

  // At the beginning of each transaction.
  [[nodiscard]] Status begin(Connection& connection);
  // Something was rolled back.
  void forget();
  // From memory, or from the store. kNotFound.
  [[nodiscard]] Result<Facts> find(Connection& connection, const evidence::Digest& digest);
  // Of `digests`, those that are not known. Outside a transaction what is known is a good guess,
  // and find() has the last word.
  [[nodiscard]] std::vector<evidence::Digest> unknown(std::span<const evidence::Digest> digests);

 private:
  // Some 120 bytes each. Half is dropped when both halves are full; what is in use comes back.
  static constexpr std::size_t kMaxEach = 32'768;
  using Tables = std::unordered_map<evidence::Digest, Facts>;

  const Facts* remembered(const evidence::Digest& digest);
  void keep(const evidence::Digest& digest, Facts facts);

  std::mutex mutex_;
  Tables newer_;
  Tables older_;
  std::int64_t version_ = -1;  // of the file, as this connection sees it
};

}  // namespace assay::collector::sqlite
