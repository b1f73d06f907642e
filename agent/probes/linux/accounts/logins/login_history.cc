#include "agent/probes/linux/accounts/logins/login_history.h"

#include <algorithm>

namespace assay::agent {
namespace {

constexpr std::size_t kMaxNames = 100'000;

}  // namespace

Status LoginHistory::add(std::string_view user, Login login) {
  const auto found = logins_.find(user);
  if (found != logins_.end()) {
    if (found->second.time < login.time) found->second = std::move(login);
    return {};
  }
  if (logins_.size() >= kMaxNames)
    return fail(Code::kTooLarge, "more than " + std::to_string(kMaxNames) + " names logged in");
  logins_.emplace(user, std::move(login));
  return {};
}

void LoginHistory::covers(std::string source, std::optional<std::int64_t> since) {
  if (std::ranges::find(sources_, source) == sources_.end()) sources_.push_back(std::move(source));
  if (since && (!since_ || *since < *since_)) since_ = since;
}

}  // namespace assay::agent
