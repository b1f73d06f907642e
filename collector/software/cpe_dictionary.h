// Which CPE name a package most likely has, by the reference table cpe_products.
//
// Built once from the content; then it may be used from any thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collector/software/cpe_name.h"
#include "evidence/table.h"

namespace assay::collector {

struct CpeGuess {
  std::string cpe;
  std::string confidence;  // exact, likely or guess
};

class CpeDictionary {
 public:
  // An empty one, which knows nothing.
  CpeDictionary() = default;
  // Rows that say nothing useful (no package, vendor or product) are passed over.
  explicit CpeDictionary(const evidence::Table& products);

  // Nothing when no row fits, or the version cannot stand in a CPE name.
  [[nodiscard]] std::optional<CpeGuess> guess(std::string_view kind, std::string_view package,
                                              std::string_view version) const;

 private:
  struct Entry {
    std::string kind;  // empty: deb, rpm and apk
    std::string pattern;
    CpeParts parts;
    CpeVersionRule rule = CpeVersionRule::kUpstream;
    std::string confidence;
    std::int64_t precedence = 0;
  };
  [[nodiscard]] static bool is_meant(const Entry& entry, std::string_view kind);
  [[nodiscard]] const Entry* find(std::string_view kind, std::string_view package) const;

  std::vector<Entry> entries_;
  std::map<std::string, std::vector<std::size_t>, std::less<>> by_name_;  // patterns without wildcards
  std::vector<std::size_t> wildcards_;
};

}  // namespace assay::collector
