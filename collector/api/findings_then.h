// Findings as they were at an earlier moment, one by one. What was read last is kept: whoever asks
// for those of one check on one host, one behind the other, has the store asked once.
//
// For one answer and one thread.
#pragma once

#include <string>
#include <vector>

#include "collector/api/past_host.h"
#include "collector/api/service.h"

namespace assay::collector::api {

class FindingsThen {
 public:
  explicit FindingsThen(const Service& service) : service_(service) {}

  // The finding, which was open at `when`. kConflict when nothing is known of it then.
  [[nodiscard]] Result<Finding> at(const Finding& present, evidence::Seconds when);

 private:
  Status read(const Finding& present, evidence::Seconds when);

  const Service& service_;
  FindingFilter last_;
  std::vector<Finding> found_;
};

}  // namespace assay::collector::api
