// That somebody had an auditor's pack made, of what and for when. What is in it is made anew from
// the evidence whenever it is fetched, and must have the digest that is on record. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "collector/store/act.h"
#include "evidence/digest.h"
#include "evidence/result.h"
#include "evidence/timestamp.h"

namespace assay::collector {

struct PackRecord {
  std::string id;  // "PACK-3"; set by the store
  std::string framework;
  std::string edition;
  std::optional<evidence::Seconds> since;  // of a period that ends at `as_of`
  evidence::Seconds as_of;
  std::vector<std::string> hosts;  // ids, sorted; empty: every host of then
  evidence::Digest digest;         // of its pack.json (evidence/pack.h)
  Actor by;
  evidence::Seconds at;
  std::int64_t act = 0;  // number of the act; set by the store
};

}  // namespace assay::collector
