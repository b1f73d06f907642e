#include "collector/identity/gate.h"

#include "evidence/signature.h"

namespace assay::collector {
namespace {

Event rejection(const evidence::CertificateFacts& facts, std::string_view why,
                evidence::Seconds now) {
  Event event;
  event.host_id = facts.host_id;
  event.kind = Event::Kind::kRejectedCertificate;
  event.detail = "certificate " + facts.serial + ": " + std::string(why);
  event.last = now;
  return event;
}

}  // namespace

Result<Caller> Gate::admit(std::string_view certificate, evidence::Seconds now) {
  if (certificate.empty()) return fail(Code::kUnauthenticated, "a certificate is needed");
  const auto facts = evidence::read_certificate(certificate);
  if (!facts) return fail(Code::kUnauthenticated, facts.error().message());
  if (auto ours = evidence::verify_issued_by(certificate, authority_.ca_certificate(), now); !ours)
    return fail(ours.error());
  if (facts->host_id.empty() || facts->trust_domain != kTrustDomain)
    return fail(Code::kUnauthenticated, "the certificate is not an agent's");
  // Recording is best effort: the refusal below stands whatever becomes of the event.
  auto known = store_.certificate(facts->serial);
  if (!known && known.error().code() != Code::kNotFound) return fail(known.error());
  if (!known || known->host_id != facts->host_id) {
    (void)store_.add_event(rejection(*facts, "not recorded here", now));
    return fail(Code::kUnauthenticated, "the certificate is not known here");
  }
  if (known->revoked_at) {
    (void)store_.add_event(rejection(*facts, "revoked", now));
    return fail(Code::kRefused, "the certificate is revoked");
  }
  return Caller{facts->host_id, facts->serial, std::string(certificate)};
}

}  // namespace assay::collector
