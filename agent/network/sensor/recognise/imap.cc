// IMAP (RFC 9051): LOGIN, AUTHENTICATE, STARTTLS.
#include <algorithm>
#include <array>
#include <utility>

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

bool is_greeting(std::string_view text) {
  constexpr std::array<std::string_view, 4> kWords = {"OK", "PREAUTH", "CAPABILITY", "BYE"};
  const auto first = text.substr(0, text.find_first_of(" \r\n"));
  return std::ranges::any_of(kWords,
                             [&](std::string_view word) { return is_same_word(first, word); });
}

}  // namespace

Verdict look_for_imap(const Exchange& exchange, Recognised* found) {
  const auto said = text_of(exchange.client);
  const auto answered = text_of(exchange.server);
  if (!answered.empty() && !answered.starts_with(std::string_view("* ").substr(0, answered.size())))
    return Verdict::kNo;
  if (!looks_like_text(said)) return Verdict::kNo;
  if (answered.size() < 5) return Verdict::kMore;
  if (!is_greeting(answered.substr(2))) return Verdict::kNo;
  found->is_certain = true;
  if (contains_word(answered, "STARTTLS")) found->offers_tls = true;
  Lines lines(said);
  bool is_continued = false;  // behind a literal
  while (auto line = lines.next()) {
    const auto literal = literal_behind(*line);
    lines.skip(literal);
    if (std::exchange(is_continued, literal > 0)) continue;
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
    if (const auto verdict = look_at_login(rest, true, lines, found)) return *verdict;
  }
  return Verdict::kMore;
}

}  // namespace assay::agent::sensor
