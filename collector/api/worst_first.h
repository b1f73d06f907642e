// The worst of many changed findings, by the severity that their checks had in one content: as
// findings are followed on, what the store says of their severity is of today. Pure.
#pragma once

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "checks/engine/content.h"
#include "collector/store/posture_store.h"

namespace assay::collector::api {

class WorstFirst {
 public:
  // Keeps `most` of them. `content` must outlive it.
  WorstFirst(const checks::Content& content, std::size_t most) : content_(content), most_(most) {}

  void add(const FindingChange& change);
  // The worst first, then by check, host and id. Nothing is left.
  [[nodiscard]] std::vector<FindingChange> take();

 private:
  using Key = std::tuple<int, std::string, std::string, evidence::Digest>;

  const checks::Content& content_;
  std::size_t most_;
  std::map<Key, FindingChange> kept_;
};

}  // namespace assay::collector::api
