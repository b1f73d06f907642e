// What the machines of a made-up company have to tell: they come from a few images, each has some
// tables of its own, and their packages are updated.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "evidence/manifest.h"
#include "tests/bench/fleet/company.h"

namespace assay::bench {

// A table as it is stored and sent.
struct Content {
  evidence::ManifestEntry entry;
  std::string bytes;  // canonical
  std::string frame;
};
using Contents = std::map<std::string, std::shared_ptr<const Content>>;

// One snapshot, ready to be sent: made and signed before the clock runs.
struct Prepared {
  std::string full;        // the manifest's frame
  std::string difference;  // to the one before; empty for the first
  std::string base;        // digest of the one before, 32 bytes
  std::string signature;
  std::string digest;                                            // of the manifest
  std::map<std::string, std::shared_ptr<const Content>> tables;  // by digest
};

// Image `number`: every table that hosts have, half of them filled, the others unavailable, as on
// a Debian server.
[[nodiscard]] Contents image(std::size_t number, std::size_t packages);
// `count` packages that no other machine has in these versions.
[[nodiscard]] std::shared_ptr<const Content> updated_packages(const std::string& mark,
                                                              std::size_t count);

class Machine {
 public:
  // With tables of its own over those of its image.
  Machine(const Member& member, const Contents& image);

  void replace(std::shared_ptr<const Content> content);
  // The next of its chain.
  [[nodiscard]] Prepared scan();

 private:
  const Member& member_;
  Contents tables_;
  std::string before_;  // canonical bytes of the last manifest
  std::int64_t sequence_ = 0;
};

}  // namespace assay::bench
