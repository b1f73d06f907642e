#include "agent/probes/linux/accounts/password_policy/pam_control.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace assay::agent {
namespace {

using Kind = PamAction::Kind;

constexpr std::array<std::string_view, kPamResults> kResultNames = {"success",
                                                                    "open_err",
                                                                    "symbol_err",
                                                                    "service_err",
                                                                    "system_err",
                                                                    "buf_err",
                                                                    "perm_denied",
                                                                    "auth_err",
                                                                    "cred_insufficient",
                                                                    "authinfo_unavail",
                                                                    "user_unknown",
                                                                    "maxtries",
                                                                    "new_authtok_reqd",
                                                                    "acct_expired",
                                                                    "session_err",
                                                                    "cred_unavail",
                                                                    "cred_expired",
                                                                    "cred_err",
                                                                    "no_module_data",
                                                                    "conv_err",
                                                                    "authtok_err",
                                                                    "authtok_recover_err",
                                                                    "authtok_lock_busy",
                                                                    "authtok_disable_aging",
                                                                    "try_again",
                                                                    "ignore",
                                                                    "abort",
                                                                    "authtok_expired",
                                                                    "module_unknown",
                                                                    "bad_item",
                                                                    "conv_again",
                                                                    "incomplete"};

bool is_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

std::string_view without_leading_space(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  return text;
}

std::string_view take_word(std::string_view& text) {
  std::size_t length = 0;
  while (length < text.size() && text[length] != '=' && !is_space(text[length])) ++length;
  const auto word = text.substr(0, length);
  text.remove_prefix(length);
  return word;
}

std::optional<PamAction> action_from(std::string_view word) {
  if (word == "ignore") return PamAction{Kind::kIgnore};
  if (word == "ok") return PamAction{Kind::kOk};
  if (word == "done") return PamAction{Kind::kDone};
  if (word == "bad") return PamAction{Kind::kBad};
  if (word == "die") return PamAction{Kind::kDie};
  if (word == "reset") return PamAction{Kind::kReset};
  std::uint32_t jump = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), jump);
  if (error != std::errc() || end != word.data() + word.size() || jump == 0) return std::nullopt;
  return PamAction{Kind::kJump, jump};
}

}  // namespace

bool PamControl::parse_pairs(std::string_view text) {
  std::array<bool, kPamResults> given{};
  PamAction fallback{Kind::kBad};
  text = without_leading_space(text);
  while (!text.empty()) {
    const auto name = take_word(text);
    text = without_leading_space(text);
    if (text.empty() || text.front() != '=') return false;
    text = without_leading_space(text.substr(1));
    const auto action = action_from(take_word(text));
    if (!action) return false;
    text = without_leading_space(text);
    if (name == "default") {
      fallback = *action;
      continue;
    }
    const auto* const found = std::ranges::find(kResultNames, name);
    if (found == kResultNames.end()) return false;
    const auto index = static_cast<std::size_t>(found - kResultNames.begin());
    actions_[index] = *action;
    given[index] = true;
  }
  for (std::size_t i = 0; i < kPamResults; ++i) {
    if (!given[i]) actions_[i] = fallback;
  }
  return true;
}

PamControl PamControl::parse(std::string_view text) {
  PamControl control;
  const auto keyword = [&](Kind success, Kind otherwise) {
    control.actions_.fill(PamAction{otherwise});
    control.set(PamResult::kSuccess, {success});
    control.set(PamResult::kNewAuthtokReqd, {success});
    control.valid_ = true;
  };
  if (equals_ignoring_case(text, "required")) {
    keyword(Kind::kOk, Kind::kBad);
    control.set(PamResult::kIgnore, {Kind::kIgnore});
  } else if (equals_ignoring_case(text, "requisite")) {
    keyword(Kind::kOk, Kind::kDie);
    control.set(PamResult::kIgnore, {Kind::kIgnore});
  } else if (equals_ignoring_case(text, "optional")) {
    keyword(Kind::kOk, Kind::kIgnore);
  } else if (equals_ignoring_case(text, "sufficient")) {
    keyword(Kind::kDone, Kind::kIgnore);
  } else {
    control.valid_ = control.parse_pairs(text);
    if (!control.valid_) control.actions_.fill(PamAction{});
  }
  return control;
}

}  // namespace assay::agent
