// What is said to a server to find out which protocol it speaks, and what it offers in it.
//
// A dialogue is a pure state machine over hostile bytes: no socket, no clock, bounded, fuzzed by
// tests/fuzz/service_dialogue_fuzz.cc. One object per connection; one thread.
//
// Nothing harmful is ever sent: no name and no password of anybody, no command that writes. What is
// sent stands at the head of each protocol's file.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace assay::agent::services {

// Of all that a server says on one connection.
inline constexpr std::size_t kMaxSaid = 256U << 10U;
inline constexpr std::size_t kMaxDetails = 400;  // of one endpoint

struct Options {
  bool tries_anonymous_ftp = false;  // logs in to FTP as "anonymous"
  bool tries_communities = false;    // asks SNMP with "public" and "private"
};

// Where a dialogue takes place.
struct Setting {
  bool is_in_tls = false;
  std::string host;  // as asked for
  Options options;
};

// What is known of an endpoint. Absent: it does not apply, or could not be found out.
struct Facts {
  std::string protocol;  // "ftp", "ssh" …; empty: none was met
  std::string product;
  std::string version;
  std::optional<bool> start_tls = false;  // offered on a connection in clear
  std::optional<bool> cleartext_login;    // a log-in by password is taken without TLS
  std::optional<bool> anonymous;          // strangers are let in under a name for strangers
  std::optional<bool> authentication;     // needed before anything is given
  std::optional<bool> redirects_to_https;
  std::optional<bool> hsts;
  std::optional<bool> recursion;
  std::optional<bool> smb1;
  std::optional<bool> signing_required;
  std::optional<bool> network_level_authentication;
  std::optional<bool> default_community;
  std::string detail;  // what could not be found out, and why
  // Lists: of key exchanges, ciphers, options … as (name, value), in the server's order.
  std::vector<std::pair<std::string, std::string>> details;

  // Keeps `value` printable and short; drops what is over kMaxDetails.
  void add(std::string_view name, std::string_view value);
  // The same, of what may be answered several times; nothing where it is there already.
  void add_once(std::string_view name, std::string_view value);
};

enum class Turn : std::uint8_t {
  kForeign,  // it is not this protocol
  kMore,     // it may be; `send`, if any, goes out
  kMet,      // it is, and more is to be learned
  kDone,     // it is, and that is all
};

// Why nothing more comes.
enum class Last : std::uint8_t {
  kHungUp,   // by the server
  kGivenUp,  // by us: it has been silent for long enough, or has said too much
};

class Dialogue {
 public:
  virtual ~Dialogue() = default;
  // What we say first; empty where the server speaks first.
  [[nodiscard]] virtual std::string opening() { return {}; }
  // Takes from the front of `received`, which is not empty, what it understands, and appends to
  // `send`. Called again when more has come. The facts count from kMet on.
  [[nodiscard]] virtual Turn take(std::string& received, std::string& send) = 0;
  // Nothing more comes: kDone or kForeign. Silence is no answer: nothing may be taken for refused
  // for want of one.
  [[nodiscard]] virtual Turn end(std::string_view received, Last last) {
    (void)received;
    (void)last;
    return facts.protocol.empty() ? Turn::kForeign : Turn::kDone;
  }
  // Whether the answer that is waited for may be held back on purpose, as after a log-in that
  // failed.
  [[nodiscard]] virtual bool is_kept_waiting() const { return false; }
  // After kDone: what is to be asked on a further connection; it carries the facts on. nullptr:
  // nothing. Called again, it gives the same. The facts of this object are then those that hold
  // even if the follow-up fails.
  [[nodiscard]] virtual std::unique_ptr<Dialogue> follow_up() { return nullptr; }

  Facts facts;
};

// The same for datagrams: one request, one answer. Any of them may be lost.
struct Datagram {
  std::string_view protocol;
  std::uint16_t usual_port;
  bool answers_from_elsewhere;  // from another port than it was asked at
  // What is sent, one datagram each; the first alone where nobody answers that.
  std::vector<std::string> (*requests)(const Options& options);
  // True: it is an answer in this protocol. Facts are added to those of earlier answers.
  bool (*take)(std::string_view answer, const Options& options, Facts* facts);
  // What it means that no further answer has come, though all was sent several times. nullptr:
  // nothing.
  void (*end)(const Options& options, Facts* facts);
};

}  // namespace assay::agent::services
