#include "collector/api/message.h"

#include <charconv>

#include "evidence/refusal.h"

namespace assay::collector::api {

using nlohmann::ordered_json;

namespace {

int status_of(Code code) {
  switch (code) {
    case Code::kUsage: return 400;
    case Code::kUnauthenticated: return 401;
    case Code::kRefused: return 403;
    case Code::kNotFound: return 404;
    case Code::kConflict: return 409;
    case Code::kTooLarge: return 413;
    case Code::kUnavailable: return 503;
    case Code::kTimedOut: return 504;
    case Code::kNoSpace: return 507;
    default: return 500;
  }
}

std::string dump(const ordered_json& json) {
  return json.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace

std::string_view name_of(Method method) {
  switch (method) {
    case Method::kGet: return "GET";
    case Method::kPost: return "POST";
    case Method::kPut: return "PUT";
  }
  return "GET";
}

std::string_view ApiRequest::text(std::string_view name) const {
  const auto found = query.find(name);
  return found == query.end() ? std::string_view() : found->second;
}

ApiResponse json_response(const ordered_json& json) {
  ApiResponse response;
  response.body = dump(json);
  return response;
}

ApiResponse error_response(int status, std::string_view code, const Text& words) {
  auto response = json_response({{"error",
                                  {{"code", code},
                                   {"message", words.en},
                                   {"words", {{"en", words.en}, {"zh-TW", words.zh_tw}}}}}});
  response.status = status;
  return response;
}

ApiResponse error_response(const Error& error) {
  auto response = error_response(status_of(error.code()), name_of(error.code()), error.text());
  if (response.status == 503) response.headers.emplace_back("Retry-After", "1");
  return response;
}

Result<evidence::Seconds> time_in(std::string_view text, std::string_view parameter) {
  if (auto time = evidence::from_timestamp(text)) return *time;
  if (auto day = evidence::from_date(text)) return *day;
  return refuse(Code::kUsage,
                {"{}: \"{}\" is no time; write 2026-11-21 or 2026-11-21T08:00:00Z",
                 "{}：「{}」不是時間；請寫成 2026-11-21 或 2026-11-21T08:00:00Z"},
                parameter, text);
}

Result<std::optional<int>> days_in(const ApiRequest& request, std::string_view name) {
  const auto text = request.text(name);
  if (text.empty()) return std::nullopt;
  constexpr int kMostDays = 3660;
  int days = -1;
  const auto* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, days);
  if (parsed.ptr != end || parsed.ec != std::errc() || days < 0 || days > kMostDays)
    return refuse(Code::kUsage, {"{}: a number of days, at most {}", "{}：請填天數，最多 {}"}, name,
                  kMostDays);
  return days;
}

Result<PageRequest> page_in(const ApiRequest& request) {
  PageRequest page;
  page.cursor = request.text("cursor");
  const auto limit = request.text("limit");
  if (limit.empty()) return page;
  const auto* end = limit.data() + limit.size();
  const auto parsed = std::from_chars(limit.data(), end, page.limit);
  if (parsed.ptr != end || parsed.ec != std::errc() || page.limit < 1 || page.limit > kMaxPage)
    return refuse(Code::kUsage, {"limit: a number from 1 to {}", "limit：請填 1 至 {} 的整數"},
                  kMaxPage);
  return page;
}

}  // namespace assay::collector::api
