#include "collector/stamps/authority_client.h"

#include "evidence/ledger/time_stamp_token.h"
#include "evidence/refusal.h"

namespace assay::collector {

namespace {

constexpr std::string_view kQueryType = "application/timestamp-query";
constexpr std::string_view kReplyType = "application/timestamp-reply";

}  // namespace

Result<std::string> ask_authority(const HttpUrl& url, const std::string& query,
                                  const std::stop_token& stop, std::chrono::milliseconds patience) {
  auto answer =
      http_post(url, {query, kQueryType, kReplyType, evidence::kMaxTimeStampBytes}, stop, patience);
  if (!answer) return fail(answer.error().within(phrase({"the time-stamp authority", "時戳機構"})));
  if (answer->status != 200)
    return refuse(
        Code::kRefused,
        {"the time-stamp authority answers with HTTP status {}", "時戳機構回覆 HTTP 狀態碼 {}"},
        answer->status);
  if (answer->type != kReplyType)
    return refuse(Code::kInvalidData,
                  {"the answer is not one of a time-stamp authority", "回覆者不是時戳機構"});
  return std::move(answer->body);
}

}  // namespace assay::collector
