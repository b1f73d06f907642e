#include "agent/network/tls/starttls/greeting.h"

#include <algorithm>
#include <array>

#include "agent/network/tls/starttls/lines.h"

namespace assay::agent::tls {

namespace {

struct Words {
  std::string_view start;  // in capitals
  std::string_view dialogue;
  std::string_view other;
};

constexpr std::array kWords{Words{"* OK", "imap", {}},       Words{"* PREAUTH", "imap", {}},
                            Words{"* BYE", "imap", {}},      Words{"+OK", "pop3", {}},
                            Words{"SSH-", {}, "SSH"},        Words{"HTTP/", {}, "HTTP"},
                            Words{"RFB ", {}, "VNC"},        Words{"-ERR", {}, "Redis or POP3"},
                            Words{"-NOAUTH", {}, "Redis"},   Words{"-DENIED", {}, "Redis"},
                            Words{"@RSYNCD", {}, "rsync"},   Words{"ERROR\r\n", {}, "memcached"},
                            Words{"200 ", {}, "NNTP"},       Words{"201 ", {}, "NNTP"},
                            Words{"\xFF\xFB", {}, "Telnet"}, Words{"\xFF\xFD", {}, "Telnet"}};

// 220 is SMTP's and FTP's, and what stands behind it is the server's to choose.
Greeting of_reply(const std::string& capitals) {
  if (capitals.contains("FTP") && !capitals.contains("SMTP")) return {.dialogues = {"ftp"}};
  if (capitals.contains("SMTP")) return {.dialogues = {"smtp"}};
  return {.dialogues = {"smtp", "ftp"}};
}

// "Protocol::Handshake": three bytes of length, packet 0, version 10 or an error.
bool is_mysql(std::string_view bytes) {
  return bytes.size() > 4 && bytes[2] == 0 && bytes[3] == 0 &&
         (bytes[4] == '\n' || bytes[4] == '\xFF');
}

using namespace std::string_view_literals;

// RFC 1035 4.2.2: length, identifier, recursion not desired, the address of localhost, which a
// server knows itself (RFC 6761 6.3).
constexpr auto kDnsQuery =
    "\0\x1B\x5A\x11\0\0\0\x01\0\0\0\0\0\0\x09localhost\0\0\x01\0\x01"sv;

// The same identifier, in an answer.
bool is_dns_answer(std::string_view bytes) {
  return bytes.size() > 4 && bytes.substr(2, 2) == kDnsQuery.substr(2, 2) &&
         (static_cast<unsigned char>(bytes[4]) & 0x80U) != 0;
}

// RFC 5531 9 and 11: one record; a call of procedure 0, which does nothing, of the port mapper.
constexpr auto kRpcCall =
    "\x80\0\0\x28\x5A\x11\x5A\x11\0\0\0\0\0\0\0\x02\0\x01\x86\xA0\0\0\0\x02"
    "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"sv;

// The same transaction, in a reply, also where there is another program.
bool is_rpc_answer(std::string_view bytes) {
  return bytes.size() >= kSilentAnswerBytes && bytes.substr(4, 4) == kRpcCall.substr(4, 4) &&
         bytes.substr(8, 4) == "\0\0\0\x01"sv;
}

// [MS-CIFS] 2.2.4.52 over TCP: a NEGOTIATE of SMB 1 that hints at SMB 2; servers of either answer.
constexpr auto kSmbNegotiate =
    "\0\0\0\x45\xFFSMB\x72\0\0\0\0\x18\x01\xC8\0\0\0\0\0\0\0\0\0\0\0\0"
    "\xFF\xFF\x01\0\0\0\x01\0\0\x22\0\x02NT LM 0.12\0\x02SMB 2.002\0\x02SMB 2.???\0"sv;

bool is_smb_answer(std::string_view bytes) {
  return bytes.size() >= 8 && bytes[0] == '\0' && (bytes[4] == '\xFE' || bytes[4] == '\xFF') &&
         bytes.substr(5, 3) == "SMB";
}

// "PING", which every version knows and which asks for nothing. The answer, or an error in Redis's
// grammar: it wants a password, or is still loading.
bool is_redis_answer(std::string_view bytes) {
  if (bytes.starts_with("+PONG")) return true;
  const auto is_capital = [](char c) { return c >= 'A' && c <= 'Z'; };
  return bytes.size() > 3 && bytes[0] == '-' && std::ranges::all_of(bytes.substr(1, 3), is_capital);
}

constexpr std::array kSilentProbes{SilentProbe{"Redis", "PING\r\n", is_redis_answer},
                                   SilentProbe{"DNS", kDnsQuery, is_dns_answer},
                                   SilentProbe{"ONC RPC", kRpcCall, is_rpc_answer},
                                   SilentProbe{"SMB", kSmbNegotiate, is_smb_answer}};
static_assert(kDnsQuery.size() == 29 && kRpcCall.size() == 44 && kSmbNegotiate.size() == 73);

}  // namespace

std::span<const SilentProbe> silent_probes() {
  return kSilentProbes;
}

Greeting greeting_of(std::string_view bytes) {
  bytes = bytes.substr(0, kMaxGreetingBytes);
  if (bytes.size() > 1 && (bytes[0] == 0x15 || bytes[0] == 0x16) && bytes[1] == 3)
    return {.is_tls = true};
  if (is_mysql(bytes)) return {.dialogues = {"mysql"}};
  const auto capitals = in_capitals(std::string(bytes));
  for (const auto& [start, dialogue, other] : kWords) {
    if (!capitals.starts_with(start)) continue;
    Greeting out{.other = other};
    if (!dialogue.empty()) out.dialogues.push_back(dialogue);
    return out;
  }
  for (const std::string_view code : {"220", "120", "421", "554"})
    if (capitals.starts_with(code) && capitals.size() > 3 &&
        (capitals[3] == ' ' || capitals[3] == '-'))
      return of_reply(capitals);
  return {};
}

std::vector<std::string_view> dialogues_of_the_silent() {
  return {"postgresql", "ldap", "rdp"};
}

}  // namespace assay::agent::tls
