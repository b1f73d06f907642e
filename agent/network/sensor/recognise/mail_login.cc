#include "agent/network/sensor/recognise/mail_login.h"

namespace assay::agent::sensor {

Secret secret_of_mechanism(std::string_view mechanism) {
  if (is_same_word(mechanism, "PLAIN") || is_same_word(mechanism, "LOGIN"))
    return Secret::kPassword;
  if (is_same_word(mechanism, "XOAUTH2") || is_same_word(mechanism, "OAUTHBEARER"))
    return Secret::kToken;
  if (is_same_word(mechanism, "ANONYMOUS")) return Secret::kAnonymous;
  return Secret::kNone;
}

std::optional<Verdict> look_at_login(std::string_view rest, bool is_asked, Lines& lines,
                                     Recognised* found) {
  const auto secret = secret_of_mechanism(take_word(&rest));
  if (secret == Secret::kNone) return std::nullopt;
  auto answer = std::optional(rest);
  if (rest.empty()) answer = is_asked ? lines.next() : std::nullopt;
  if (!answer) return Verdict::kMore;
  if (*answer == "*") return std::nullopt;
  found->secret = secret;
  return Verdict::kYes;
}

}  // namespace assay::agent::sensor
