// Made-up machines for the bench of the evaluation: images that share tables, and hosts that differ
// from their image in a few of them.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "checks/engine/evaluation.h"

namespace assay::bench {

struct SharedTable {
  evidence::Digest digest;
  std::shared_ptr<const evidence::Table> rows;
};

// Tables by name; those of a host lie over those of its image.
class Machine final : public checks::TableSource {
 public:
  [[nodiscard]] Entry find(std::string_view table) const override;
  [[nodiscard]] Result<evidence::Table> load(std::string_view table) const override;
  [[nodiscard]] Result<std::shared_ptr<const evidence::Table>> share(
      std::string_view table) const override;

  std::shared_ptr<const std::map<std::string, SharedTable, std::less<>>> image;
  std::map<std::string, std::string, std::less<>> missing;  // table → reason
  std::map<std::string, SharedTable, std::less<>> own;
};

// The machine of a bundle (a file), its packages multiplied or cut to `packages`. Throws
// std::runtime_error.
[[nodiscard]] Machine machine_in(const char* bundle, std::size_t packages);

// `count` hosts from `images` images. The images differ in the versions of some packages; every
// host has its own accounts, last logins, addresses and agent.
[[nodiscard]] std::vector<Machine> fleet(const Machine& base, std::size_t images,
                                         std::size_t count);

// The same content, the rules of a family (FW-, PWD-, …) being others that say the same.
[[nodiscard]] std::shared_ptr<const checks::Content> with_family_changed(
    const checks::Content& base, std::string_view family);

}  // namespace assay::bench
