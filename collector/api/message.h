// One question to the API and its answer, free of HTTP's details.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collector/store/identity_store.h"
#include "evidence/result.h"
#include "evidence/timestamp.h"

namespace assay::collector::api {

// Whoever asks the API is told in both languages: refuse() instead. A call of this is ambiguous,
// and does not compile.
std::unexpected<Error> fail(Code code, std::string message) = delete;

struct Person {
  std::string token_id;
  std::string name;
  Role role = Role::kAuditor;
};

enum class Method { kGet, kPost, kPut };
[[nodiscard]] std::string_view name_of(Method method);

struct ApiRequest {
  Method method = Method::kGet;
  std::vector<std::string> path;                          // decoded segments: {"api","v1","hosts"}
  std::map<std::string, std::string, std::less<>> query;  // decoded; each name once
  Person person;
  std::string parameter;  // the (last) segment that the route leaves open
  std::string_view body;  // lives as long as the request is being answered
  // Whether the caller has gone away; empty where that cannot be told. From the answering thread.
  std::function<bool()> is_abandoned;
  std::string content_type;  // of the body, small letters, without its parameters

  // "" when it was not given.
  [[nodiscard]] std::string_view text(std::string_view name) const;
};

// A body that is made while it is sent, piece by piece: of what is too large to be held.
struct BodyStream {
  std::uint64_t bytes = 0;  // exactly so many come
  // The next piece; empty behind the last. Asked by one thread at a time.
  std::function<Result<std::string>()> next;
  std::shared_ptr<const void> holds;  // what `next` needs, for as long as it may be asked
};

struct ApiResponse {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
  std::shared_ptr<BodyStream> stream = nullptr;  // in place of `body`
  std::string subject;  // what a change was about, for the audit line in the log
};

[[nodiscard]] ApiResponse json_response(const nlohmann::ordered_json& json);
// {"error":{"code","message","words":{"en","zh-TW"}}} with the HTTP status that fits the code. The
// message is for programs and logs: English, as ever; the words are for people.
[[nodiscard]] ApiResponse error_response(const Error& error);
[[nodiscard]] ApiResponse error_response(int status, std::string_view code, const Text& words);

// A time in a query: RFC 3339 in UTC, or a day, which is its midnight UTC. kUsage.
[[nodiscard]] Result<evidence::Seconds> time_in(std::string_view text, std::string_view parameter);
// A number of days in a query, 0 to 3660; absent when it was not given. kUsage.
[[nodiscard]] Result<std::optional<int>> days_in(const ApiRequest& request, std::string_view name);
// `limit` (1 to 1000, 100 unless given) and `cursor`. kUsage.
[[nodiscard]] Result<PageRequest> page_in(const ApiRequest& request);

}  // namespace assay::collector::api
