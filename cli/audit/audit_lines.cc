#include "cli/audit/audit_lines.h"

#include <utility>

#include "evidence/refusal.h"

namespace assay::cli {

using Outcome = evidence::Verification::Outcome;

bool is_of_the_way(const Error& error) {
  switch (error.code()) {
    case Code::kUnavailable:
    case Code::kTimedOut:
    case Code::kUnauthenticated:
    case Code::kRefused: return true;
    default: return false;
  }
}

void AuditLines::add(Outcome outcome, Text subject, Text detail) {
  lines_.push_back({outcome, std::move(subject), std::move(detail)});
}

void AuditLines::add_bad(Text subject, Text detail) {
  if (++bad_ <= kMaxBadLines) add(Outcome::kBad, std::move(subject), std::move(detail));
}

std::vector<evidence::Verification> AuditLines::take() {
  if (bad_ > kMaxBadLines)
    add(Outcome::kBad, {"more", "其他"},
        phrase({"{} more that are bad", "另有 {} 項錯誤"}, bad_ - kMaxBadLines));
  return std::move(lines_);
}

}  // namespace assay::cli
