#include "collector/api/findings_then.h"

#include <algorithm>

#include "evidence/refusal.h"

namespace assay::collector::api {

Status FindingsThen::read(const Finding& present, evidence::Seconds when) {
  if (last_.host_id == present.host_id && last_.check_id == present.check_id && last_.as_of == when)
    return {};
  FindingFilter filter;
  filter.host_id = present.host_id;
  filter.check_id = present.check_id;
  filter.as_of = when;
  auto found = service_.findings(filter);
  if (!found) return fail(found.error());
  found_ = std::move(*found);
  last_ = std::move(filter);
  return {};
}

Result<Finding> FindingsThen::at(const Finding& present, evidence::Seconds when) {
  if (auto done = read(present, when); !done) return fail(done.error());
  const auto found = std::ranges::find(found_, present.id, &Finding::id);
  if (found == found_.end())
    return refuse(Code::kConflict,
                  {"finding {} is not what it was", "發現事項 {} 的歷程與當時不同"},
                  present.id.hex());
  return *found;
}

}  // namespace assay::collector::api
