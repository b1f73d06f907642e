#include "agent/probes/linux/libraries/libraries.h"

#include <array>

#include "agent/probes/linux/libraries/java/java_archives.h"
#include "agent/probes/linux/libraries/npm/npm_packages.h"
#include "agent/probes/linux/libraries/programs/go_binaries.h"
#include "agent/probes/linux/libraries/programs/unpackaged_binaries.h"
#include "agent/probes/linux/libraries/python/python_packages.h"

namespace assay::agent {
namespace {

using std::chrono::milliseconds;

// Once a day, many small files.
constexpr Budget kManyFiles = {
    .cpu = milliseconds(10'000), .wall = milliseconds(60'000), .read_bytes = 2ULL << 30U};
// The first look computes the digests of all; later ones those of what changed.
constexpr Budget kDigests = {
    .cpu = milliseconds(60'000), .wall = milliseconds(300'000), .read_bytes = 32ULL << 30U};

}  // namespace

std::span<const Probe> libraries_probes() {
  static constexpr std::array kProbes = {
      Probe{.table = "go_binaries",
            .collect = collect_go_binaries,
            .cadence = Cadence::kDaily,
            .budget = kManyFiles},
      Probe{.table = "java_archives",
            .walker = make_java_archives,
            .cadence = Cadence::kDaily,
            .budget = kManyFiles},
      Probe{.table = "npm_packages",
            .walker = make_npm_packages,
            .cadence = Cadence::kDaily,
            .budget = kManyFiles},
      Probe{.table = "python_packages",
            .walker = make_python_packages,
            .cadence = Cadence::kDaily,
            .budget = kManyFiles},
      Probe{.table = "unpackaged_binaries",
            .collect = collect_unpackaged_binaries,
            .cadence = Cadence::kDaily,
            .budget = kDigests},
  };
  return kProbes;
}

}  // namespace assay::agent
