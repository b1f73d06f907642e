#include "collector/api/authentication.h"

#include <openssl/crypto.h>

#include <algorithm>

#include "collector/identity/token.h"
#include "evidence/refusal.h"

namespace assay::collector::api {

std::chrono::seconds FailedLogins::wait(const std::string& address, evidence::Seconds now) {
  const std::lock_guard lock(mutex_);
  const auto known = failures_.find(address);
  if (known == failures_.end()) return std::chrono::seconds::zero();
  auto& times = known->second;
  while (!times.empty() && times.front() + kFailureWindow <= now) times.pop_front();
  if (times.size() < kMaxFailedLogins) return std::chrono::seconds::zero();
  return std::max(times.front() + kFailureWindow - now, std::chrono::seconds(1));
}

void FailedLogins::add(const std::string& address, evidence::Seconds now) {
  const std::lock_guard lock(mutex_);
  if (failures_.size() >= kMaxRememberedAddresses && !failures_.contains(address)) forget(now);
  auto& times = failures_[address];
  times.push_back(now);
  if (times.size() > kMaxFailedLogins) times.pop_front();
}

void FailedLogins::forget(evidence::Seconds now) {
  std::erase_if(failures_, [now](const auto& entry) {
    return entry.second.empty() || entry.second.back() + kFailureWindow <= now;
  });
  if (failures_.size() < kMaxRememberedAddresses) return;
  failures_.erase(std::ranges::min_element(failures_, {},
                                           [](const auto& entry) { return entry.second.back(); }));
}

Result<Person> Authentication::look_up(std::string_view authorization, evidence::Seconds now) {
  const auto refused = [] {
    return refuse(Code::kUnauthenticated, {"log in with a valid token", "請以有效的權杖登入"});
  };
  constexpr std::string_view kScheme = "Bearer ";
  if (authorization.size() > kMaxAuthorizationBytes || !authorization.starts_with(kScheme))
    return refused();
  const auto hash = hash_of_token(authorization.substr(kScheme.size()));
  const auto token = store_.token(hash);
  if (!token && token.error().code() != Code::kNotFound) return fail(token.error());
  if (!token) return refused();
  // The store found it by its index; this decides, in constant time.
  const bool is_same =
      CRYPTO_memcmp(token->hash.bytes.data(), hash.bytes.data(), hash.bytes.size()) == 0;
  if (!is_same || token->kind != TokenKind::kPerson || !token->is_good(now)) return refused();
  return Person{token->id, token->name, token->role};
}

Result<Person> Authentication::person(std::string_view authorization, const std::string& address,
                                      evidence::Seconds now, std::chrono::seconds* retry_after) {
  *retry_after = failed_.wait(address, now);
  if (retry_after->count() > 0)
    return refuse(Code::kTimedOut,
                  {"too many failed log-ins from this address", "這個位址登入失敗的次數過多"});
  auto person = look_up(authorization, now);
  if (!person && person.error().code() == Code::kUnauthenticated) failed_.add(address, now);
  return person;
}

}  // namespace assay::collector::api
