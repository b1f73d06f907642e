#include "agent/network/sensor/recognise/mail_login.h"

#include <charconv>

namespace assay::agent::sensor {

std::uint64_t number_in(std::string_view text) {
  std::uint64_t number = 0;
  (void)std::from_chars(text.data(), text.data() + text.size(), number);  // else 0: none follow
  return number;
}

std::uint64_t literal_behind(std::string_view line) {
  const auto begin = line.rfind('{');
  if (begin == std::string_view::npos || !line.ends_with('}')) return 0;
  return number_in(line.substr(begin + 1));
}

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
