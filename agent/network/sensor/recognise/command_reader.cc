#include "agent/network/sensor/recognise/command_reader.h"

#include <algorithm>
#include <array>
#include <utility>

#include "agent/network/sensor/recognise/ber.h"
#include "agent/network/sensor/recognise/http.h"
#include "agent/network/sensor/recognise/ldap.h"
#include "agent/network/sensor/recognise/lines.h"
#include "agent/network/sensor/recognise/mail_login.h"

namespace assay::agent::sensor {

namespace {

constexpr std::uint32_t kMaxHead = 64U << 10U;

std::string_view behind(std::string_view line, std::size_t word) {
  return line.substr(std::min(word + 1, line.size()));
}

// What a client goes on with whose DATA or AUTH was refused.
bool is_command(std::string_view line) {
  constexpr std::array<std::string_view, 16> kCommands{
      "QUIT", "RSET", "NOOP", "MAIL", "RCPT", "EHLO", "HELO",     "DATA",
      "CAPA", "STAT", "LIST", "USER", "AUTH", "STLS", "STARTTLS", "HELP"};
  return std::ranges::any_of(
      kCommands, [&](std::string_view command) { return begins_with_word(line, command); });
}

// In a log-in: base64, which has no blank.
bool is_answer(std::string_view line) {
  return !line.empty() && line != "*" && !line.contains(' ') && !is_command(line);
}

}  // namespace

CommandReader::Protocol CommandReader::protocol_of(std::string_view service) {
  constexpr std::array<std::pair<std::string_view, Protocol>, 6> kProtocols{
      {{"ftp", Protocol::kFtp},
       {"http", Protocol::kHttp},
       {"imap", Protocol::kImap},
       {"ldap", Protocol::kLdap},
       {"pop3", Protocol::kPop3},
       {"smtp", Protocol::kSmtp}}};
  for (const auto& [name, protocol] : kProtocols)
    if (name == service) return protocol;
  return Protocol::kNone;
}

CommandReader::Heard CommandReader::read(std::string_view text, bool is_full) {
  if (protocol_ == Protocol::kLdap) return read_messages(text, is_full);
  Heard heard;
  while (!is_over_ && heard.read < text.size()) {
    const auto rest = text.substr(heard.read);
    if (skip_ > 0) {
      heard.read += pass_over(rest.size());
      continue;
    }
    const auto end = rest.find('\n');
    const bool has_end = end != std::string_view::npos;
    const auto length = has_end ? end + 1 : rest.size();
    if (std::exchange(is_within_line_, is_within_line_ && !has_end)) {
      heard.read += length;
      continue;
    }
    if (!is_data_ && !looks_like_text(rest)) {
      is_over_ = true;
      break;
    }
    if (!has_end && !is_full) break;
    is_within_line_ = !has_end;
    auto line = rest.substr(0, has_end ? end : rest.size());
    if (line.ends_with('\r')) line.remove_suffix(1);
    auto found = read_line(line);
    heard.read += length;
    if (protocol_ == Protocol::kHttp && (length_ += static_cast<std::uint32_t>(length)) > kMaxHead)
      is_over_ = true;
    heard.secret = found.secret;
    heard.host = std::move(found.host);
    if (heard.secret != Secret::kNone || !heard.host.empty()) break;
  }
  return heard;
}

std::size_t CommandReader::pass_over(std::size_t available) {
  const auto part = std::min<std::uint64_t>(skip_, available);
  skip_ -= part;
  return part;
}

// A message that is larger than is kept is no bind; what is no message is TLS behind StartTLS.
CommandReader::Heard CommandReader::read_messages(std::string_view text, bool is_full) {
  constexpr std::uint8_t kSequence = 0x30;
  Heard heard;
  while (!is_over_ && heard.read < text.size()) {
    const auto rest = text.substr(heard.read);
    if (skip_ > 0) {
      heard.read += pass_over(rest.size());
      continue;
    }
    bool needs_more = false;
    const auto message = read_ber(bytes_of(rest), &needs_more);
    const bool has_room = !is_full || heard.read > 0;
    if (needs_more && has_room) break;
    if (!message || message->tag != kSequence) {
      is_over_ = true;
      break;
    }
    if (!message->is_whole) {
      if (has_room) break;
      skip_ = message->size;
      continue;
    }
    heard.read += message->size;
    heard.secret = secret_of_ldap(*message);
    if (heard.secret != Secret::kNone) break;
  }
  return heard;
}

CommandReader::Heard CommandReader::read_line(std::string_view line) {
  if (protocol_ != Protocol::kHttp) return {.secret = read_command(line), .host = {}};
  is_over_ = line.empty() && !is_within_line_;
  Recognised found;
  read_http_field(line, &found);
  return {.secret = found.secret, .host = std::move(found.name)};
}

// Whether the line belongs to a mail.
bool CommandReader::passes_over(std::string_view line) {
  if (!is_data_) return false;
  const bool is_first = std::exchange(is_first_of_data_, false);
  is_data_ = line != "." && !(is_first && is_command(line));
  return is_data_ || line == ".";
}

Secret CommandReader::read_command(std::string_view line) {
  if (passes_over(line)) return Secret::kNone;
  if (const auto asked = std::exchange(asked_, Secret::kNone);
      asked != Secret::kNone && is_answer(line))
    return asked;
  switch (protocol_) {
    case Protocol::kFtp: return read_ftp(line);
    case Protocol::kImap: return read_imap(line);
    case Protocol::kPop3: return read_pop3(line);
    case Protocol::kSmtp: return read_smtp(line);
    case Protocol::kNone:
    case Protocol::kHttp:
    case Protocol::kLdap: break;
  }
  return Secret::kNone;
}

Secret CommandReader::begin_login(std::string_view mechanism_and_answer) {
  auto answer = mechanism_and_answer;
  const auto secret = secret_of_mechanism(take_word(&answer));
  if (!answer.empty()) return secret;
  asked_ = secret;
  return Secret::kNone;
}

Secret CommandReader::read_ftp(std::string_view line) {
  if (begins_with_word(line, "USER")) {
    const auto name = behind(line, 4);
    has_user_ = true;
    is_anonymous_ = is_same_word(name, "anonymous") || is_same_word(name, "ftp");
  }
  if (!begins_with_word(line, "PASS") || !std::exchange(has_user_, false)) return Secret::kNone;
  return is_anonymous_ ? Secret::kAnonymous : Secret::kPassword;
}

Secret CommandReader::read_imap(std::string_view line) {
  skip_ = literal_behind(line);
  if (std::exchange(is_continued_, skip_ > 0)) return Secret::kNone;
  auto rest = line;
  (void)take_word(&rest);  // the tag
  const auto command = take_word(&rest);
  if (is_same_word(command, "LOGIN")) return Secret::kPassword;
  return is_same_word(command, "AUTHENTICATE") ? begin_login(rest) : Secret::kNone;
}

Secret CommandReader::read_pop3(std::string_view line) {
  if (begins_with_word(line, "PASS")) return Secret::kPassword;
  return begins_with_word(line, "AUTH") ? begin_login(behind(line, 4)) : Secret::kNone;
}

Secret CommandReader::read_smtp(std::string_view line) {
  is_data_ = is_first_of_data_ = is_same_word(line, "DATA");
  if (begins_with_word(line, "BDAT")) skip_ = number_in(behind(line, 4));
  return begins_with_word(line, "AUTH") ? begin_login(behind(line, 4)) : Secret::kNone;
}

}  // namespace assay::agent::sensor
