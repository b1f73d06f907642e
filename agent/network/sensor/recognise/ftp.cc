// FTP (RFC 959), with AUTH TLS (RFC 4217).
#include "agent/network/sensor/recognise/lines.h"
#include "agent/network/sensor/recognise/recogniser.h"

namespace assay::agent::sensor {
namespace {

struct ServerSide {
  bool is_ftp = false;  // a reply that only FTP gives
  bool is_other = false;
  bool took_auth = false;  // 234: what follows is TLS
  bool names_auth = false;
  std::size_t tls_at = 0;
};

ServerSide read_server(std::string_view text) {
  ServerSide side;
  Lines lines(text);
  for (bool is_first = true; auto line = lines.next(); is_first = false) {
    const auto code = line->substr(0, 3);
    if (is_first && code != "220" && code != "120" && code != "331" && code != "230") {
      side.is_other = true;
      return side;
    }
    if (contains_word(*line, "AUTH TLS") || contains_word(*line, "AUTH SSL"))
      side.names_auth = true;
    for (const std::string_view own : {"200", "215", "230", "331", "332"})
      if (code == own) side.is_ftp = true;
    // SMTP greets with 220 as well and lists what it can with 250-.
    if (code == "250" && !side.is_ftp) side.is_other = true;
    if (code == "234") {
      side.is_ftp = side.took_auth = true;
      side.tls_at = lines.offset();
      return side;
    }
  }
  return side;
}

}  // namespace

Verdict look_for_ftp(const Exchange& exchange, Recognised* found) {
  const auto said = text_of(exchange.client);
  const auto answered = text_of(exchange.server);
  if (!looks_like_text(said) || !looks_like_text(answered)) return Verdict::kNo;
  const auto server = read_server(answered);
  if (server.is_other) return Verdict::kNo;
  bool has_user = false;
  bool is_anonymous = false;
  Lines lines(said);
  while (auto line = lines.next()) {
    if (begins_with_word(*line, "EHLO") || begins_with_word(*line, "HELO")) return Verdict::kNo;
    if (begins_with_word(*line, "USER")) {
      const auto name = line->substr(std::min<std::size_t>(5, line->size()));
      has_user = true;
      is_anonymous = is_same_word(name, "anonymous") || is_same_word(name, "ftp");
    } else if (begins_with_word(*line, "AUTH") && server.took_auth) {
      found->is_certain = true;
      found->offers_tls = true;
      found->tls_client = lines.offset();
      found->tls_server = server.tls_at;
      return Verdict::kMore;
    } else if (begins_with_word(*line, "PASS") && (has_user || server.is_ftp)) {
      if (!server.is_ftp) return Verdict::kMore;
      found->is_certain = true;
      found->secret = is_anonymous ? Secret::kAnonymous : Secret::kPassword;
      if (server.names_auth) found->offers_tls = true;
      return Verdict::kYes;
    }
  }
  found->is_certain = server.is_ftp;
  return Verdict::kMore;
}

}  // namespace assay::agent::sensor
