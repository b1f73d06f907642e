// Made-up machines as hosts of a store: enrolled, each with one snapshot.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <unordered_set>

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

class StoredFleet {
 public:
  // `store` must outlive it.
  StoredFleet(collector::Store& store, evidence::Seconds now) : store_(store), now_(now) {}

  // The id of the new host.
  std::string add(const Machine& machine, std::size_t number);

 private:
  std::string enroll(std::size_t number);

  collector::Store& store_;
  const evidence::Seconds now_;
  std::unordered_set<evidence::Digest> known_;  // tables that the store has
};

}  // namespace assay::bench
