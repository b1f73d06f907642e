#include "collector/identity/gate.h"

#include <algorithm>
#include <utility>

namespace assay::collector {
namespace {

Event rejection(const std::string& host_id, const std::string& serial, std::string_view why,
                evidence::Seconds now) {
  Event event;
  event.host_id = host_id;
  event.kind = Event::Kind::kRejectedCertificate;
  event.detail = "certificate " + serial + ": " + std::string(why);
  event.last = now;
  return event;
}

}  // namespace

Gate::Gate(Store& store, const Authority& authority)
    : store_(store), ca_(evidence::OpenedCertificate::of(authority.ca_certificate())) {}

std::shared_ptr<const Gate::Known> Gate::remembered(const evidence::Digest& pem) {
  const std::lock_guard lock(mutex_);
  const auto* known = known_.find(pem);
  return known == nullptr ? nullptr : *known;
}

Result<std::shared_ptr<const Gate::Known>> Gate::verify(std::string_view certificate,
                                                        evidence::Seconds now) {
  const auto pem = evidence::sha256(certificate);
  if (auto known = remembered(pem)) {
    if (now >= known->from && now <= known->until) return known;
    // Otherwise it is verified once more, for the words of the failure.
  }
  if (!ca_) return fail(ca_.error().within("CA"));
  const auto opened = evidence::OpenedCertificate::of(certificate);
  if (!opened) return fail(Code::kUnauthenticated, opened.error().message());
  const auto facts = opened->facts();
  if (!facts) return fail(Code::kUnauthenticated, facts.error().message());
  if (auto ours = opened->verify_issued_by(*ca_, now); !ours) return fail(ours.error());
  if (facts->host_id.empty() || facts->trust_domain != kTrustDomain)
    return fail(Code::kUnauthenticated, "the certificate is not an agent's");
  auto key = opened->verifying_key();
  if (!key) return fail(Code::kUnauthenticated, key.error().message());
  const auto ca = ca_->facts();
  if (!ca) return fail(ca.error());
  auto known = std::make_shared<const Known>(Known{*facts, std::move(*key),
                                                   std::max(facts->not_before, ca->not_before),
                                                   std::min(facts->not_after, ca->not_after)});
  const std::lock_guard lock(mutex_);
  return known_.keep(pem, std::move(known));
}

Result<Caller> Gate::identify(std::string_view certificate, evidence::Seconds now) {
  if (certificate.empty()) return fail(Code::kUnauthenticated, "a certificate is needed");
  const auto known = verify(certificate, now);
  if (!known) return fail(known.error());
  const auto& facts = (*known)->facts;
  return Caller{facts.host_id,    facts.serial,    std::string(certificate),
                facts.not_before, facts.not_after, (*known)->key};
}

Result<Caller> Gate::admit(std::string_view certificate, evidence::Seconds now) {
  auto caller = identify(certificate, now);
  if (!caller) return caller;
  auto known = store_.certificate(caller->serial);
  if (!known && known.error().code() != Code::kNotFound) return fail(known.error());
  const auto record = known ? std::optional(std::move(*known)) : std::nullopt;
  if (auto checked = check(*caller, record, now); !checked) return fail(checked.error());
  return caller;
}

std::string Gate::host_named_by(std::string_view certificate, evidence::Seconds now) {
  if (certificate.empty()) return {};
  // Verified here already, so that it is parsed once for all that is asked of a new connection.
  if (const auto known = verify(certificate, now)) return (*known)->facts.host_id;
  const auto facts = evidence::read_certificate(certificate);
  return facts ? facts->host_id : std::string();
}

Status Gate::check(const Caller& caller, const std::optional<Certificate>& record,
                   evidence::Seconds now) {
  if (now < caller.not_before)
    return fail(Code::kUnavailable, "this collector's clock is behind the certificate's time");
  if (now > caller.not_after) return fail(Code::kUnauthenticated, "the certificate has ended");
  // Recording is best effort: the refusal stands whatever becomes of the event.
  if (!record || record->host_id != caller.host_id) {
    (void)store_.add_event(rejection(caller.host_id, caller.serial, "not recorded here", now));
    return fail(Code::kUnauthenticated, "the certificate is not known here");
  }
  if (record->revoked_at) {
    (void)store_.add_event(rejection(caller.host_id, caller.serial, "revoked", now));
    return fail(Code::kRefused, "the certificate is revoked");
  }
  return {};
}

}  // namespace assay::collector
