// Made-up machines as hosts of a store: enrolled, each with one snapshot.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "collector/store/store.h"
#include "evidence/result.h"
#include "evidence/timestamp.h"
#include "tests/bench/evaluation/fleet.h"

namespace assay::bench {

template <typename T>
T need(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message());
  return std::move(*result);
}
inline void need(const Status& done) {
  if (!done) throw std::runtime_error(done.error().message());
}

// Removed with it.
class TemporaryFolder {
 public:
  TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder();
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// Throws what the store fails with.
void fill(collector::Store& store, const std::vector<Machine>& machines, evidence::Seconds now);

}  // namespace assay::bench
