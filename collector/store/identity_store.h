// Who may talk to the collector: tokens, enrolled hosts, their certificates.
//
// Safe from any thread. A write is durable when the call returns. No secret is kept: of a token
// only the SHA-256 of its secret part, which is 256 random bits.
// Any call may fail with kNoSpace, kUnavailable (busy or away: try again) or kIo.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "collector/store/meter.h"
#include "collector/store/page.h"
#include "evidence/digest.h"
#include "evidence/result.h"
#include "evidence/timestamp.h"

namespace assay::collector {

enum class TokenKind { kEnrollment, kPerson };
enum class Role { kAuditor, kOperator, kAdmin };  // auditor: sees everything, changes nothing
[[nodiscard]] std::string_view name_of(TokenKind kind);
[[nodiscard]] std::string_view name_of(Role role);
[[nodiscard]] std::optional<Role> role_from(std::string_view name);

struct Token {
  std::string id;  // for people: shown in lists, names it when it is revoked
  TokenKind kind = TokenKind::kEnrollment;
  evidence::Digest hash;       // SHA-256 of the secret part as text
  std::string name;            // the person; empty for an enrollment token
  Role role = Role::kAuditor;  // of the person
  evidence::Seconds created;
  std::optional<evidence::Seconds> expires;  // always set for enrollment
  std::optional<evidence::Seconds> revoked_at;
  std::optional<evidence::Seconds> spent_at;  // enrollment only, as is host_id
  std::string host_id;                        // the host that spent it

  [[nodiscard]] bool is_good(evidence::Seconds now) const;  // not expired, revoked or spent
};

enum class HostState { kActive, kRevoked };
[[nodiscard]] std::string_view name_of(HostState state);

struct Host {
  std::string id;    // UUID
  std::string name;  // as it calls itself in its latest manifest
  std::string profile = "server";
  std::string os;  // "Debian GNU/Linux 12 (bookworm)"; empty while unknown
  HostState state = HostState::kActive;
  evidence::Seconds enrolled_at;
  std::optional<evidence::Seconds> last_seen;     // call or beat
  std::optional<evidence::Digest> last_snapshot;  // highest sequence accepted
  std::int64_t last_sequence = 0;                 // 0: none yet
  std::optional<evidence::Seconds> revoked_at;    // when it is kRevoked; nobody enrolls one with it
};

struct Certificate {
  std::string serial;  // lower-case hexadecimal
  std::string host_id;
  evidence::Seconds not_before;
  evidence::Seconds not_after;
  std::optional<evidence::Seconds> revoked_at;
  std::string pem;
};

struct Sighting {
  std::string host_id;
  evidence::Seconds time;
};

class IdentityStore : public virtual Metered {
 public:
  virtual ~IdentityStore() = default;

  // kConflict when a token with this hash is there.
  [[nodiscard]] Status add_token(const Token& token);
  // kNotFound when there is none; the caller judges is_good().
  [[nodiscard]] Result<Token> token(const evidence::Digest& hash);
  // Newest first.
  [[nodiscard]] Result<Page<Token>> tokens(const PageRequest& page);
  // By Token::id. Revoking twice changes nothing. kNotFound.
  [[nodiscard]] Status revoke_token(std::string_view id, evidence::Seconds now);

  // In one transaction: spends the enrollment token and records the host with its first
  // certificate. kUnauthenticated when the token is unknown, of another kind, expired, revoked or
  // spent.
  [[nodiscard]] Status enroll(const evidence::Digest& token_hash, const Host& host,
                              const Certificate& certificate, evidence::Seconds now);
  // A further certificate of an enrolled host. kNotFound, kRefused when the host is revoked.
  [[nodiscard]] Status add_certificate(const Certificate& certificate);
  [[nodiscard]] Result<Certificate> certificate(std::string_view serial);
  // Newest first.
  [[nodiscard]] Result<std::vector<Certificate>> certificates(std::string_view host_id);

  [[nodiscard]] Result<Host> host(std::string_view id);
  // By name, then id. `text` (may be empty) is part of the name or the beginning of the id.
  [[nodiscard]] Result<Page<Host>> hosts(std::string_view text, const PageRequest& page);
  // In one transaction: the host and all its certificates. Its evidence stays. kNotFound.
  [[nodiscard]] Status revoke_host(std::string_view id, evidence::Seconds now);
  // Hosts that were revoked at or after `since`, so that their open streams can be ended.
  [[nodiscard]] Result<std::vector<std::string>> revoked_since(evidence::Seconds since);
  // Moves last_seen forward, never back; an unknown host is passed over.
  [[nodiscard]] Status saw(std::span<const Sighting> sightings);

 private:
  virtual Status do_add_token(const Token& token) = 0;
  virtual Result<Token> do_token(const evidence::Digest& hash) = 0;
  virtual Result<Page<Token>> do_tokens(const PageRequest& page) = 0;
  virtual Status do_revoke_token(std::string_view id, evidence::Seconds now) = 0;
  virtual Status do_enroll(const evidence::Digest& token_hash, const Host& host,
                           const Certificate& certificate, evidence::Seconds now) = 0;
  virtual Status do_add_certificate(const Certificate& certificate) = 0;
  virtual Result<Certificate> do_certificate(std::string_view serial) = 0;
  virtual Result<std::vector<Certificate>> do_certificates(std::string_view host_id) = 0;
  virtual Result<Host> do_host(std::string_view id) = 0;
  virtual Result<Page<Host>> do_hosts(std::string_view text, const PageRequest& page) = 0;
  virtual Status do_revoke_host(std::string_view id, evidence::Seconds now) = 0;
  virtual Result<std::vector<std::string>> do_revoked_since(evidence::Seconds since) = 0;
  virtual Status do_saw(std::span<const Sighting> sightings) = 0;
};

}  // namespace assay::collector
