#include "collector/store/approval.h"

namespace assay::collector {

Status check_approval(const Approval& approval) {
  if (approval.list.empty() || approval.row.size() < 2 || approval.row.front() != '{')
    return fail(Code::kInternal, "an approval is a row of a list");
  if (approval.row.size() > kMaxApprovalRowBytes)
    return fail(Code::kUsage, "the row is longer than " + std::to_string(kMaxApprovalRowBytes) +
                                  " bytes");
  if (auto sound = check_text("note", approval.note); !sound) return sound;
  if (approval.until.empty()) return {};
  if (!evidence::from_date(approval.until))
    return fail(Code::kUsage, "until: \"" + approval.until.substr(0, 40) +
                                  "\" is no day; write 2026-12-31");
  if (!holds_until(approval.until, approval.at))
    return fail(Code::kUsage, "until: " + approval.until + " has passed");
  return {};
}

}  // namespace assay::collector
