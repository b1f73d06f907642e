#include "collector/store/identity_store.h"

namespace assay::collector {

std::string_view name_of(TokenKind kind) {
  return kind == TokenKind::kEnrollment ? "enrollment" : "person";
}

std::string_view name_of(Role role) {
  switch (role) {
    case Role::kAuditor: return "auditor";
    case Role::kOperator: return "operator";
    case Role::kAdmin: return "admin";
  }
  return "auditor";
}

std::optional<Role> role_from(std::string_view name) {
  for (const auto role : {Role::kAuditor, Role::kOperator, Role::kAdmin})
    if (name_of(role) == name) return role;
  return std::nullopt;
}

std::string_view name_of(HostState state) {
  return state == HostState::kActive ? "active" : "revoked";
}

bool Token::is_good(evidence::Seconds now) const {
  return !revoked_at && !spent_at && (!expires || now < *expires);
}

Status IdentityStore::add_token(const Token& token) {
  if (token.id.empty() || (token.kind == TokenKind::kEnrollment && !token.expires))
    return fail(Code::kInternal, "a token needs an id, and an enrollment token an end");
  return measured("add_token", [&] { return do_add_token(token); });
}

Result<Token> IdentityStore::token(const evidence::Digest& hash) {
  return measured("token", [&] { return do_token(hash); });
}

Result<Page<Token>> IdentityStore::tokens(const PageRequest& page) {
  return measured("tokens", [&] { return do_tokens(bounded(page)); });
}

Status IdentityStore::revoke_token(std::string_view id, evidence::Seconds now) {
  return measured("revoke_token", [&] { return do_revoke_token(id, now); });
}

Status IdentityStore::enroll(const evidence::Digest& token_hash, const Host& host,
                             const Certificate& certificate, evidence::Seconds now) {
  if (host.id.empty() || certificate.serial.empty() || certificate.host_id != host.id)
    return fail(Code::kInternal, "enrolling needs a host and a certificate of that host");
  return measured("enroll", [&] { return do_enroll(token_hash, host, certificate, now); });
}

Status IdentityStore::add_certificate(const Certificate& certificate) {
  if (certificate.serial.empty()) return fail(Code::kInternal, "a certificate has a serial number");
  return measured("add_certificate", [&] { return do_add_certificate(certificate); });
}

Result<Certificate> IdentityStore::certificate(std::string_view serial) {
  return measured("certificate", [&] { return do_certificate(serial); });
}

Result<std::vector<Certificate>> IdentityStore::certificates(std::string_view host_id) {
  return measured("certificates", [&] { return do_certificates(host_id); });
}

Result<Host> IdentityStore::host(std::string_view id) {
  return measured("host", [&] { return do_host(id); });
}

Result<Page<Host>> IdentityStore::hosts(std::string_view text, const PageRequest& page) {
  return measured("hosts", [&] { return do_hosts(text, bounded(page)); });
}

Status IdentityStore::revoke_host(std::string_view id, evidence::Seconds now) {
  return measured("revoke_host", [&] { return do_revoke_host(id, now); });
}

Result<std::vector<std::string>> IdentityStore::revoked_since(evidence::Seconds since) {
  return measured("revoked_since", [&] { return do_revoked_since(since); });
}

Status IdentityStore::saw(std::span<const Sighting> sightings) {
  if (sightings.empty()) return {};
  return measured("saw", [&] { return do_saw(sightings); });
}

}  // namespace assay::collector
