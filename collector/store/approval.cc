#include "collector/store/approval.h"

#include "evidence/refusal.h"

namespace assay::collector {

Status check_approval(const Approval& approval) {
  if (approval.list.empty() || approval.row.size() < 2 || approval.row.front() != '{')
    return fail(Code::kInternal, "an approval is a row of a list");
  if (approval.row.size() > kMaxApprovalRowBytes)
    return refuse(Code::kUsage, {"the row is longer than {} bytes", "這一列超過 {} 位元組"},
                  kMaxApprovalRowBytes);
  if (auto sound = check_text("note", approval.note); !sound) return sound;
  if (approval.until.empty()) return {};
  if (!evidence::from_date(approval.until))
    return refuse(
        Code::kUsage,
        {"until: \"{}\" is no day; write 2026-12-31", "until：「{}」不是日期；請寫成 2026-12-31"},
        approval.until.substr(0, 40));
  if (!holds_until(approval.until, approval.at))
    return refuse(Code::kUsage, {"until: {} has passed", "until：{} 已過"}, approval.until);
  return {};
}

}  // namespace assay::collector
