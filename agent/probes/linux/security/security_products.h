// The protection products that Assay recognises, as data.
#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace assay::agent {

struct SecurityProduct {
  std::string_view kind;  // "antivirus", "intrusion_detection"
  std::string_view name;
  std::vector<std::string_view> packages;   // deb; the first that is installed gives the version
  std::vector<std::string_view> programs;   // any of these there: it is installed
  std::vector<std::string_view> units;      // any of these runs: it runs
  std::vector<std::string_view> processes;  // names as the kernel keeps them, 15 bytes
};

// ClamAV, whose state can be read from files in full.
[[nodiscard]] const SecurityProduct& clamav();

// All others: only their presence, start and processes can be told from outside.
[[nodiscard]] std::span<const SecurityProduct> other_products();

}  // namespace assay::agent
