// All machines of a made-up company, and what they scan.
#pragma once

#include <cstddef>
#include <vector>

#include "tests/bench/fleet/company.h"
#include "tests/bench/fleet/machine.h"

namespace assay::bench {

using Rounds = std::vector<std::vector<Prepared>>;  // of each round, one for each machine

class Fleet {
 public:
  // `company` must outlive it.
  explicit Fleet(const Company& company);

  // The next `count` scans of every machine: nothing has changed.
  [[nodiscard]] Rounds unchanged(std::size_t count);
  // The same, with packages in each that no other machine has in these versions: new content of
  // some 40 KB.
  [[nodiscard]] Rounds updated(std::size_t count);
  // The first scan of a machine that is kept nowhere: for companies too large for that.
  [[nodiscard]] Prepared passing(std::size_t machine) const;

 private:
  std::vector<Machine>& machines();

  const Company& company_;
  std::vector<Contents> images_;
  std::vector<Machine> machines_;
  std::size_t marks_ = 0;
};

}  // namespace assay::bench
