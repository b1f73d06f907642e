// What stands on the fleet's machines and is on no list: each thing once, with the machines that
// have it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "collector/api/present.h"
#include "collector/api/service.h"
#include "collector/records/review.h"

namespace assay::collector::api {

struct ReviewWish {
  const ApprovalList* list = nullptr;
  std::vector<std::string> kinds;  // empty: all
  std::string host_id;             // empty: all active hosts
};

// {"items":[{"kind",…,"versions","publishers","hosts","host_count","first_seen","installed"}],
//  "hosts","not_seen","next":null}; what most machines have comes first.
[[nodiscard]] Result<Json> fleet_review(const Service& service, const ReviewWish& wish);

// New rows of the list that approve what one machine has and the list does not: {"items":[row]}
// and what could not be looked at. `is_exact`: with versions and digests.
[[nodiscard]] Result<Json> proposals(const Service& service, const ReviewWish& wish, bool is_exact);

}  // namespace assay::collector::api
