// SMTP and submission (RFC 5321), LMTP, AUTH (RFC 4954), STARTTLS (RFC 3207).
#include "agent/network/sensor/recognise/lines.h"
#include "agent/network/sensor/recognise/mail_login.h"

namespace assay::agent::sensor {
namespace {

struct ServerSide {
  bool is_other = false;
  bool lists_tls = false;
  bool asks_for_login = false;        // 334 was said
  std::optional<std::size_t> tls_at;  // behind the second 220
};

ServerSide read_server(std::string_view text) {
  ServerSide side;
  Lines lines(text);
  bool was_greeted = false;
  for (bool is_first = true; auto line = lines.next(); is_first = false) {
    const auto code = line->substr(0, 3);
    if (is_first && code != "220" && code != "554" && code != "421") {
      side.is_other = true;
      return side;
    }
    if (code == "250" &&
        is_same_word(line->substr(std::min<std::size_t>(4, line->size())), "STARTTLS"))
      side.lists_tls = true;
    if (code == "334") side.asks_for_login = true;
    if (code != "220" || line->substr(3, 1) == "-") continue;  // 220- goes on
    if (was_greeted) {
      side.tls_at = lines.offset();
      return side;
    }
    was_greeted = true;
  }
  return side;
}

bool is_greeting(std::string_view line) {
  return begins_with_word(line, "EHLO") || begins_with_word(line, "HELO") ||
         begins_with_word(line, "LHLO");
}

}  // namespace

Verdict look_for_smtp(const Exchange& exchange, Recognised* found) {
  const auto said = text_of(exchange.client);
  const auto answered = text_of(exchange.server);
  if (!looks_like_text(said) || !looks_like_text(answered)) return Verdict::kNo;
  const auto server = read_server(answered);
  if (server.is_other) return Verdict::kNo;
  Lines lines(said);
  auto line = lines.next();
  if (!line) return said.size() > 512 ? Verdict::kNo : Verdict::kMore;
  if (!is_greeting(*line)) return Verdict::kNo;
  found->is_certain = true;
  if (server.lists_tls) found->offers_tls = true;
  while ((line = lines.next())) {
    if (begins_with_word(*line, "STARTTLS") && server.tls_at) {
      found->offers_tls = true;
      found->tls_client = lines.offset();
      found->tls_server = *server.tls_at;
      return Verdict::kMore;
    }
    if (begins_with_word(*line, "DATA") || begins_with_word(*line, "BDAT")) return Verdict::kYes;
    if (!begins_with_word(*line, "AUTH")) continue;
    const auto rest = line->substr(std::min<std::size_t>(5, line->size()));
    if (const auto verdict = look_at_login(rest, server.asks_for_login, lines, found))
      return *verdict;
  }
  return Verdict::kMore;
}

}  // namespace assay::agent::sensor
