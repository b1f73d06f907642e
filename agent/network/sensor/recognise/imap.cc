// IMAP (RFC 9051): LOGIN, AUTHENTICATE, STARTTLS.
#include "agent/network/sensor/recognise/lines.h"
#include "agent/network/sensor/recognise/mail_login.h"

namespace assay::agent::sensor {
namespace {

// Behind the line "TAG OK …"; nothing when the server has not said it.
std::optional<std::size_t> behind_ok(std::string_view answered, std::string_view tag) {
  Lines lines(answered);
  while (auto line = lines.next()) {
    auto rest = *line;
    if (take_word(&rest) == tag && begins_with_word(rest, "OK")) return lines.offset();
  }
  return std::nullopt;
}

}  // namespace

Verdict look_for_imap(const Exchange& exchange, Recognised* found) {
  const auto said = text_of(exchange.client);
  const auto answered = text_of(exchange.server);
  if (!answered.empty() && !answered.starts_with(std::string_view("* ").substr(0, answered.size())))
    return Verdict::kNo;
  if (!looks_like_text(said)) return Verdict::kNo;
  if (answered.size() < 5) return Verdict::kMore;
  const auto greeting = answered.substr(2);
  if (!begins_with_word(greeting.substr(0, greeting.find_first_of(" \r\n")), "OK") &&
      !begins_with_word(greeting.substr(0, greeting.find_first_of(" \r\n")), "PREAUTH") &&
      !begins_with_word(greeting.substr(0, greeting.find_first_of(" \r\n")), "CAPABILITY") &&
      !begins_with_word(greeting.substr(0, greeting.find_first_of(" \r\n")), "BYE"))
    return Verdict::kNo;
  found->is_certain = true;
  if (contains_word(answered, "STARTTLS")) found->offers_tls = true;
  Lines lines(said);
  while (auto line = lines.next()) {
    auto rest = *line;
    const auto tag = take_word(&rest);
    const auto command = take_word(&rest);
    if (is_same_word(command, "LOGIN")) {
      found->secret = Secret::kPassword;
      return Verdict::kYes;
    }
    if (is_same_word(command, "STARTTLS")) {
      const auto behind = behind_ok(answered, tag);
      if (!behind) continue;
      found->offers_tls = true;
      found->tls_client = lines.offset();
      found->tls_server = *behind;
      return Verdict::kMore;
    }
    if (!is_same_word(command, "AUTHENTICATE")) continue;
    const auto secret = secret_of_mechanism(take_word(&rest));
    if (secret == Secret::kNone) continue;
    const auto answer = rest.empty() ? lines.next() : rest;  // RFC 4959: on the same line
    if (!answer) return Verdict::kMore;
    if (*answer == "*") continue;
    found->secret = secret;
    return Verdict::kYes;
  }
  return Verdict::kMore;
}

}  // namespace assay::agent::sensor
