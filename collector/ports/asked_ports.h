// Which ports a sweep has asked, as the column `ports` of the table `sweeps` says it.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace assay::collector {

class AskedPorts {
 public:
  // "22,80-89,443"; an ellipsis at the end: the list was cut, and what it left out is not known.
  // What is no port is passed over, as if it had not been asked.
  explicit AskedPorts(std::string_view text);

  [[nodiscard]] bool holds(std::int64_t port) const;
  // How many ports the list names, each as often as it does.
  [[nodiscard]] std::int64_t count() const { return count_; }

 private:
  std::vector<std::pair<std::int64_t, std::int64_t>> ranges_;
  std::int64_t count_ = 0;
};

}  // namespace assay::collector
