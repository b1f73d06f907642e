#include "collector/store/terms_store.h"

#include <algorithm>

#include "evidence/refusal.h"

namespace assay::collector {
namespace {

Terms sorted(Terms terms) {
  if (auto& kinds = terms.organisation.kinds) {
    std::ranges::sort(*kinds);
    kinds->erase(std::ranges::unique(*kinds).begin(), kinds->end());
  }
  return terms;
}

}  // namespace

bool is_same(const Terms& one, const Terms& other) {
  return one.stale_after == other.stale_after &&
         one.organisation.grade == other.organisation.grade &&
         sorted(one).organisation.kinds == sorted(other).organisation.kinds;
}

Status TermsStore::add_terms(const Terms& terms, evidence::Seconds now) {
  if (terms.stale_after <= std::chrono::seconds(0))
    return refuse(Code::kUsage, {"a host is stale after some time, not after none",
                                 "主機須經過一段時間未回報才視為過期，不得為零"});
  return measured("add_terms", [&] { return do_add_terms(sorted(terms), now); });
}

Result<Terms> TermsStore::terms_at(evidence::Seconds when) {
  return measured("terms_at", [&] { return do_terms_at(when); });
}

}  // namespace assay::collector
