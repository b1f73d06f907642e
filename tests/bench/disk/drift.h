// How a machine's tables change from day to day: what a scan a day of a server in use finds anew.
#pragma once

#include <cstddef>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "evidence/manifest.h"
#include "evidence/table.h"
#include "tests/bench/evaluation/fleet.h"

namespace assay::bench {

// A table as it is stored and named in a manifest.
struct Kept {
  evidence::ManifestEntry entry;
  std::string bytes;  // canonical
};

// One machine over its life. No two have the same packages: each begins with changes of its own in
// every table that ever changes.
class DriftingMachine {
 public:
  DriftingMachine(const Machine& base, std::size_t number);

  // The tables that are others than when it was last asked; the first time all.
  [[nodiscard]] std::vector<Kept> take();
  // One day passes.
  void live();
  // What a manifest says of all tables now, by name.
  [[nodiscard]] std::vector<evidence::ManifestEntry> entries() const;

 private:
  bool happens(double days);
  void change(const std::string& table, std::size_t rows);

  std::mt19937_64 random_;
  std::map<std::string, evidence::Table> own_;
  std::map<std::string, evidence::ManifestEntry> entries_;
  std::map<std::string, Kept> changed_;  // since it was last asked
};

// How often each table changes, in words, for whoever reads the figures.
[[nodiscard]] std::string assumptions();

}  // namespace assay::bench
