// What the machine allows, measured in the same run: hashing, packing, and the plainest SQLite.
#pragma once

#include <string>

namespace assay::bench {

struct Floor {
  double per_second = 0;  // of wall time
  double cpu_us = 0;      // of one
};

[[nodiscard]] Floor sha256_of(const std::string& bytes);
[[nodiscard]] Floor unpacking_of(const std::string& frame, std::size_t bytes);
// Rows of `bytes` bytes into a table with a digest that is unique, `group` in a transaction, each
// transaction on disk (synchronous = FULL) before the next.
[[nodiscard]] Floor inserts(const std::string& folder, std::size_t bytes, std::size_t group);

}  // namespace assay::bench
