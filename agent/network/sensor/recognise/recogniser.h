// Tells a protocol by what is said, whatever the port, and whether somebody's secret went in clear.
//
// A recogniser is a pure function over the first bytes of both directions. It is called again
// whenever more has come. It never keeps, returns or logs a user name, password, community or
// token: `Recognised` has no place for one.
//
// A new protocol: a file of its own here, one line in registry.cc and in CMakeLists.txt, and a
// corpus for the fuzzer.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "agent/network/sensor/packet/bytes.h"

namespace assay::agent::sensor {

struct Exchange {
  Bytes client;
  Bytes server;
  bool is_last = false;  // nothing more will come
};

enum class Verdict : std::uint8_t {
  kNo,    // it is not this protocol, whatever follows
  kMore,  // it may be; or it is, and more is worth looking at
  kYes,   // it is, and everything is known
};

// What went in clear. The words of the table's column `secret`.
enum class Secret : std::uint8_t {
  kNone,
  kPassword,   // with or without a user name
  kToken,      // a bearer token
  kCommunity,  // SNMP v1, v2c
  kChallenge,  // of VNC: the answer can be tried off-line, and the session is in clear
  kAnonymous,  // a log-in that needs no secret
};
[[nodiscard]] std::string_view name_of(Secret secret);

inline constexpr std::size_t kNoTls = static_cast<std::size_t>(-1);
inline constexpr std::size_t kMaxName = 255;

struct Recognised {
  bool is_certain = false;  // it is this protocol; with kMore, the others need not be asked
  Secret secret = Secret::kNone;
  std::optional<bool> offers_tls;  // the server said so; nothing: it was not asked
  // The other end was asked for a name, in clear: of the server (TLS, HTTP).
  std::string name;
  std::uint16_t tls_version = 0;  // that both agreed on, 0x0304: 1.3; 0: not known
  std::uint16_t tls_suite = 0;    // IANA's number
  // Where TLS begins in an exchange that began without.
  std::size_t tls_client = kNoTls;
  std::size_t tls_server = kNoTls;
};

struct Recogniser {
  std::string_view name;  // of the service, as the tables have it: ftp, tls …
  Verdict (*look)(const Exchange& exchange, Recognised* found);
};
struct DatagramRecogniser {
  std::string_view name;
  bool (*look)(Bytes datagram, Recognised* found);  // whether it is this protocol
};

// In a fixed order; at most 32.
[[nodiscard]] std::span<const Recogniser> recognisers();
[[nodiscard]] std::span<const DatagramRecogniser> datagram_recognisers();
// nullptr when there is none of that name.
[[nodiscard]] const Recogniser* find_recogniser(std::string_view name);

Verdict look_for_dns(const Exchange& exchange, Recognised* found);
Verdict look_for_ftp(const Exchange& exchange, Recognised* found);
Verdict look_for_http(const Exchange& exchange, Recognised* found);
Verdict look_for_imap(const Exchange& exchange, Recognised* found);
Verdict look_for_ldap(const Exchange& exchange, Recognised* found);
Verdict look_for_pop3(const Exchange& exchange, Recognised* found);
Verdict look_for_smtp(const Exchange& exchange, Recognised* found);
Verdict look_for_ssh(const Exchange& exchange, Recognised* found);
Verdict look_for_telnet(const Exchange& exchange, Recognised* found);
Verdict look_for_tls(const Exchange& exchange, Recognised* found);
Verdict look_for_vnc(const Exchange& exchange, Recognised* found);
bool look_for_snmp(Bytes datagram, Recognised* found);

}  // namespace assay::agent::sensor
