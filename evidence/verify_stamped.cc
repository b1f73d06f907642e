#include "evidence/verify_stamped.h"

#include "evidence/ledger/time_stamp_token.h"
#include "evidence/ledger/tlog_proof.h"
#include "evidence/refusal.h"

namespace assay::evidence {

namespace {

using Outcome = Verification::Outcome;

Verification line_of(Outcome outcome, Text subject, Text detail) {
  return {outcome, std::move(subject), std::move(detail)};
}

Verification judge(const std::string& token, const Digest& imprint, Text subject,
                   std::string_view authorities) {
  const auto stamp =
      authorities.empty() ? read_time_stamp(token) : verify_time_stamp(token, imprint, authorities);
  if (!stamp) return line_of(Outcome::kBad, std::move(subject), stamp.error().text());
  if (stamp->imprint != imprint)
    return line_of(Outcome::kBad, std::move(subject),
                   phrase({"its time stamp is over something else", "時戳蓋的是其他內容"}));
  const auto at = to_timestamp(stamp->at);
  if (authorities.empty())
    return line_of(Outcome::kNotChecked, std::move(subject),
                   phrase({"time stamp of {} by {}; not checked without that authority's CA",
                           "時戳 {}（{}）；未提供該時戳機構的 CA，無法查驗"},
                          at, stamp->authority));
  return line_of(Outcome::kGood, std::move(subject),
                 phrase({"in the ledger no later than {}, by the time stamp of {}",
                         "最晚於 {} 已登載於帳本，由時戳機構 {} 證明"},
                        at, stamp->authority));
}

}  // namespace

Stamped check_stamped(const std::string& proof_of_logging,
                      const std::map<Digest, std::string>& stamps, Text subject,
                      std::string_view authorities) {
  const auto proof = tlog_proof_from(proof_of_logging);
  if (!proof) return {};
  const auto imprint = sha256(proof->checkpoint);
  const auto found = stamps.find(imprint);
  if (found != stamps.end())
    return {imprint, judge(found->second, imprint, std::move(subject), authorities)};
  if (authorities.empty()) return {};
  return {std::nullopt,
          line_of(Outcome::kNotChecked, std::move(subject),
                  phrase({"there is no time stamp yet that covers it", "尚無涵蓋此項的時戳"}))};
}

}  // namespace assay::evidence
