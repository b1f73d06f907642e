// POP3 (RFC 1939), AUTH (RFC 5034) and STLS (RFC 2595).
#include "agent/network/sensor/recognise/lines.h"
#include "agent/network/sensor/recognise/mail_login.h"

namespace assay::agent::sensor {
namespace {

// Behind the `count`-th line that says +OK or -ERR; nothing when there are not so many yet.
std::optional<std::size_t> behind_reply(std::string_view text, std::size_t count, bool* is_ok) {
  Lines lines(text);
  while (auto line = lines.next()) {
    const bool accepts = line->starts_with("+OK");
    if (!accepts && !line->starts_with("-ERR") && *line != "+" && !line->starts_with("+ "))
      continue;
    if (count-- > 0) continue;
    *is_ok = accepts;
    return lines.offset();
  }
  return std::nullopt;
}

}  // namespace

Verdict look_for_pop3(const Exchange& exchange, Recognised* found) {
  const auto said = text_of(exchange.client);
  const auto answered = text_of(exchange.server);
  if (!answered.empty() &&
      !answered.starts_with(std::string_view("+OK").substr(0, answered.size())))
    return Verdict::kNo;
  if (!looks_like_text(said)) return Verdict::kNo;
  if (answered.size() < 3) return Verdict::kMore;
  found->is_certain = true;
  if (contains_word(answered, "\nSTLS")) found->offers_tls = true;
  Lines lines(said);
  // The greeting is the first reply; each command gets one.
  for (std::size_t command = 1; auto line = lines.next(); ++command) {
    if (begins_with_word(*line, "STLS")) {
      bool is_ok = false;
      const auto behind = behind_reply(answered, command, &is_ok);
      if (!behind) return Verdict::kMore;
      if (!is_ok) continue;
      found->offers_tls = true;
      found->tls_client = lines.offset();
      found->tls_server = *behind;
      return Verdict::kMore;
    }
    if (begins_with_word(*line, "PASS")) {
      found->secret = Secret::kPassword;
      return Verdict::kYes;
    }
    if (!begins_with_word(*line, "AUTH")) continue;
    const auto rest = line->substr(std::min<std::size_t>(5, line->size()));
    if (const auto verdict = look_at_login(rest, true, lines, found)) return *verdict;
  }
  return Verdict::kMore;
}

}  // namespace assay::agent::sensor
